// Types of `cloudflare:workers` in tests that run inside workerd.

declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import('../../src/index.ts')
    durableNamespaces: 'ClientSessions' | 'TeamDirectory'
  }
  interface Env {
    readonly CLIENTS: DurableObjectNamespace<import('../../src/index.ts').ClientSessions>
    readonly TEAMS: DurableObjectNamespace<import('../../src/index.ts').TeamDirectory>
    readonly STUI_SESSION_SECRETS: string
  }
}

/** A file as text. */
declare module '*?raw' {
  const text: string
  export default text
}
