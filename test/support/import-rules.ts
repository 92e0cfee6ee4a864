// Who may import whom, and who may ask the machine for time, chance and rows. Reads source text; runs nothing.

import { posix } from 'node:path'

/** A source file: its path from the root of the repository, and its text. */
export type Source = { readonly path: string; readonly text: string }

/** What a zone may import: files and folders of ours, packages, and built-in modules. */
type Zone = { readonly files: readonly string[]; readonly may: readonly string[] }

const LEAVES = ['src/clock.ts', 'src/outcome.ts', 'src/version.ts', 'src/log.ts', 'src/env.ts']

/** The first zone that holds a file counts. */
const ZONES: readonly Zone[] = [
  { files: ['src/env.ts'], may: ['zod', 'src/protocol/limits.ts', 'src/session/limits.ts'] },
  { files: LEAVES, may: [] },
  {
    files: ['src/protocol/print.ts'],
    may: ['src/protocol/', 'node:fs', 'node:path', 'node:url'],
  },
  {
    files: ['src/protocol/'],
    may: ['zod', 'src/protocol/', 'src/image/record.ts', 'src/outcome.ts', 'src/version.ts'],
  },
  { files: ['src/events/'], may: ['node:crypto', 'src/events/', 'src/protocol/', ...LEAVES] },
  {
    files: ['src/image/'],
    may: ['node:crypto', 'src/image/', 'src/protocol/limits.ts', ...LEAVES],
  },
  { files: ['src/storage/'], may: ['node:crypto', 'src/storage/', ...LEAVES] },
  { files: ['src/ston/'], may: ['src/ston/', 'src/protocol/json-text.ts', 'src/outcome.ts'] },
  {
    files: ['src/session/'],
    may: [
      'node:crypto',
      'node:zlib',
      'src/access/bounded-map.ts',
      'src/session/',
      'src/image/',
      'src/storage/',
      'src/ston/',
      'src/protocol/',
      ...LEAVES,
    ],
  },
  {
    files: ['src/team/team-directory.ts'],
    may: [
      'cloudflare:workers',
      'src/client-object/stub.ts',
      'src/events/',
      'src/team/',
      'src/image/',
      'src/storage/',
      'src/protocol/',
      ...LEAVES,
    ],
  },
  {
    files: ['src/team/'],
    may: [
      'src/access/features.ts',
      'src/events/',
      'src/team/',
      'src/image/',
      'src/storage/',
      'src/protocol/',
      'src/session/cleaned.ts',
      'src/session/digest.ts',
      'src/session/limits.ts',
      'src/session/token-buckets.ts',
      ...LEAVES,
    ],
  },
  {
    files: ['src/client-object/client-sessions.ts'],
    may: [
      'cloudflare:workers',
      'src/access/',
      'src/client-object/',
      'src/events/',
      'src/image/',
      'src/session/',
      'src/storage/',
      'src/protocol/',
      'src/team/',
      ...LEAVES,
    ],
  },
  {
    files: ['src/client-object/'],
    may: [
      'src/access/bounded-map.ts',
      'src/client-object/',
      'src/events/',
      'src/image/',
      'src/session/',
      'src/storage/',
      'src/protocol/',
      'src/team/',
      ...LEAVES,
    ],
  },
  {
    files: ['src/panel/print.ts'],
    may: ['esbuild', 'node:crypto', 'node:fs', 'node:path', 'src/panel/'],
  },
  { files: ['src/panel/assets.ts', 'src/panel/page.ts'], may: [] },
  {
    files: ['src/panel/view/'],
    may: ['zod', 'src/panel/view/', 'src/protocol/', 'src/outcome.ts'],
  },
  {
    files: ['src/panel/client/'],
    may: ['src/panel/client/', 'src/panel/view/', 'src/protocol/limits.ts', 'src/outcome.ts'],
  },
  { files: ['src/access/'], may: ['zod', 'jose', 'src/access/', 'src/protocol/', ...LEAVES] },
  {
    files: ['src/http/'],
    may: [
      'hono',
      'src/http/',
      'src/client-object/',
      'src/events/',
      'src/image/',
      'src/team/',
      'src/access/',
      'src/panel/assets.ts',
      'src/panel/view/config.ts',
      'src/protocol/',
      'src/session/limits.ts',
      'src/session/token-bucket.ts',
      ...LEAVES,
    ],
  },
  { files: ['src/index.ts'], may: ['hono', 'cloudflare:workers', 'src/'] },
  {
    files: ['local-bridge/stack/'],
    may: ['esbuild', 'jose', 'miniflare', 'workerd', 'local-bridge/stack/', ...forBridge()],
  },
  {
    files: ['local-bridge/package/'],
    may: ['node:', 'local-bridge/package/', 'local-bridge/main.ts', 'src/version.ts'],
  },
  {
    files: ['local-bridge/sessions/'],
    may: ['src/panel/view/', ...forBridge()],
  },
  { files: ['local-bridge/'], may: forBridge() },
]

/** What the bridge may import: never the Worker, nor the program that starts both. */
function forBridge(): string[] {
  return [
    ...['node:', 'zeromq', 'undici', 'commander', 'pino', 'pino-pretty', 'pino-roll', 'zod'],
    ...[
      'local-bridge/*',
      'local-bridge/images/',
      'local-bridge/operate/',
      'local-bridge/live/',
      'local-bridge/replica/',
      'local-bridge/sessions/',
      'src/protocol/',
      'src/session/',
      'src/storage/',
      'src/access/',
      'src/image/',
    ],
    ...LEAVES,
  ]
}

/** What every import and export of a file names: a path from the root for files of ours, else as written. */
export function importsOf({ path, text }: Source): string[] {
  const code = withoutComments(text)
  const statements = code.matchAll(
    /^\s*(?:import|export)\s(?:[\w\s{},*$]*?\sfrom\s)?\s*['"]([^'"\n]+)['"]/gm
  )
  const calls = code.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]/g)
  return [...statements, ...calls]
    .map(([, specifier = '']) => specifier)
    .map((specifier) =>
      specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier
    )
}

/** Imports that no rule allows, as sentences. */
export function forbiddenImports(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const zone = ZONES.find(({ files }) => files.some((entry) => covers(entry, source.path)))
    if (zone === undefined) return [`${source.path} is in no zone`]
    return importsOf(source)
      .filter((target) => !zone.may.some((entry) => covers(entry, target)))
      .map((target) => `${source.path} may not import ${target}`)
  })
}

/** Circles of imports, each once, as `a → b → a`. */
export function circles(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, importsOf(source)]))
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '))
    if (start >= 0 || done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return found
}

/** Files outside of `allowed` whose code matches. */
export function filesWith(
  pattern: RegExp,
  sources: readonly Source[],
  allowed: readonly string[]
): string[] {
  return sources
    .filter(({ text }) => pattern.test(withoutComments(text)))
    .map(({ path }) => path)
    .filter((path) => !allowed.some((entry) => covers(entry, path)))
}

/** `folder/` covers what is below, `folder/*` what is directly inside, `node:` a family, else the name itself. */
function covers(entry: string, name: string): boolean {
  if (entry.endsWith('/*')) return posix.dirname(name) === entry.slice(0, -2)
  if (entry.endsWith('/') || entry.endsWith(':')) return name.startsWith(entry)
  const isPackage = !entry.endsWith('.ts')
  return name === entry || (isPackage && name.startsWith(`${entry}/`))
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
