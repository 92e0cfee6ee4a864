// The built Worker as it authenticates, in its local emulation, with a real STUI API that it asks by HTTP.
// Remembers every token that was sent and everything that came out.

import { settingsFor } from '../../local-bridge/stack/auth.ts'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import type { Members } from './fixtures.ts'
import { startTestApi, type TestApi } from './stui-api.ts'

export type IdentityAnswer = {
  readonly status: number
  readonly headers: Headers
  /** The body as it came. */
  readonly text: string
  readonly reply: Members
}

export type IdentityStack = {
  readonly api: TestApi
  readonly url: string
  /** Sends a message with a token, or without. */
  ask(message: Members, token?: string): Promise<IdentityAnswer>
  /** The same with any body, to any path. */
  post(path: string, body: string, token?: string): Promise<IdentityAnswer>
  /** Stops both; then gives the secrets that were sent, and all that was logged and answered. */
  stop(): Promise<{ readonly secrets: readonly string[]; readonly output: readonly string[] }>
}

export async function startIdentityStack(
  mode: 'jwt' | 'introspection',
  settings: Readonly<Record<string, string>> = {}
): Promise<IdentityStack> {
  const api = await startTestApi()
  const secrets = new Set([api.credentials.secret])
  const output: string[] = []
  const worker = await startLocalWorker({
    script: await buildWorker(),
    secrets: Buffer.alloc(32, 7).toString('base64url'),
    settings: { ...settingsOf(api, mode), ...settings },
    onLog: (line) => output.push(line),
  })
  let asked = 0

  async function post(path: string, body: string, token?: string): Promise<IdentityAnswer> {
    if (token !== undefined) secrets.add(token)
    asked += 1
    const response = await fetch(`${worker.url}${path}`, {
      method: 'POST',
      body,
      headers: {
        // Each from an address of its own, so that no test spends what another one may fail.
        'cf-connecting-ip': `10.${asked >> 16}.${(asked >> 8) & 255}.${asked & 255}`,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    })
    const { status, headers } = response
    const text = await response.text()
    output.push(text, ...[...headers].map((header) => header.join(': ')))
    return { status, headers, text, reply: JSON.parse(text) as Members }
  }

  return {
    api,
    url: worker.url,
    post,
    ask: (message, token) => post('/v1/messages', JSON.stringify(message), token),
    stop: async () => {
      await worker.stop()
      await api.stop()
      return { secrets: [...secrets], output }
    },
  }
}

/** The settings that a Worker needs to authenticate with this STUI API, and to take what tests send. */
export function settingsOf(api: TestApi, mode: 'jwt' | 'introspection'): Record<string, string> {
  return {
    ...settingsFor(api, mode),
    STUI_COMMANDS_PER_MINUTE: '100000',
    STUI_COMMAND_BURST: '100000',
  }
}

/** Secrets of which the output holds a part. */
export function leaked(secrets: readonly string[], output: readonly string[]): string[] {
  const text = output.join('\n')
  const parts = secrets.flatMap((secret) => [secret, ...secret.split('.').slice(1)])
  return parts.filter((part) => part.length >= 16 && text.includes(part))
}
