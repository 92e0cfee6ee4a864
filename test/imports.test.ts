// The directions of the architecture, held on every file of the Worker and the bridge.

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import {
  circles,
  filesWith,
  forbiddenImports,
  importsOf,
  type Source,
} from './support/import-rules.ts'

const ROOT = join(import.meta.dirname, '..')

/** Printed, not written; what it is printed from is held to the rules. */
const PRINTED = 'src/panel/assets.ts'

const SOURCES: readonly Source[] = globSync(['src/**/*.ts', 'local-bridge/**/*.ts'], { cwd: ROOT })
  .filter((path) => path !== PRINTED)
  .sort()
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

const SQL = /\b(SELECT|INSERT INTO|DELETE FROM|CREATE (TABLE|INDEX)|UPDATE \w+ SET)\b/

/** Ways to ask the machine for the time or for chance. */
const TIME_OR_CHANCE =
  /\b(Date\.now|performance\.now|Math\.random|getRandomValues|randomUUID|randomBytes)\b|\bnew Date\(\)/

/** Where the machine's clock and random numbers enter; everything else is given them. */
const COMPOSITION_ROOTS = [
  'local-bridge/bridge.ts',
  'local-bridge/operate/open-reported-standby.ts',
  'local-bridge/replica/open-standby.ts',
  'local-bridge/stack/dev-vars.ts',
  'local-bridge/stack/session-secret.ts',
  'local-bridge/stack/stui-api/sign-in.ts',
  'local-bridge/stack/stui-api/tokens.ts',
  'local-bridge/timer.ts',
  'src/client-object/client-sessions.ts',
  'src/clock.ts',
  'src/index.ts',
  'src/panel/client/main.ts',
]

const one = (path: string, text: string): Source[] => [{ path, text }]

describe('the source', () => {
  it('imports in the directions of the architecture only', () => {
    expect(forbiddenImports(SOURCES)).toEqual([])
  })

  it('has no circle of imports, types included', () => {
    expect(circles(SOURCES)).toEqual([])
  })

  it('has SQL in the storage folders alone', () => {
    const allowed = ['src/storage/', 'src/team/storage/', 'local-bridge/replica/tables/']
    expect(filesWith(SQL, SOURCES, allowed)).toEqual([])
  })

  it('asks for the time and for chance in composition roots alone', () => {
    expect(filesWith(TIME_OR_CHANCE, SOURCES, [])).toEqual(COMPOSITION_ROOTS)
  })

  it('is read as the bundler reads it', async () => {
    const { metafile } = await build({
      entryPoints: SOURCES.map(({ path }) => path),
      absWorkingDir: ROOT,
      bundle: true,
      write: false,
      metafile: true,
      outdir: 'nowhere',
      platform: 'node',
      format: 'esm',
      packages: 'external',
      external: ['cloudflare:*'],
      logLevel: 'silent',
    })
    for (const source of SOURCES) {
      const bundled = metafile.inputs[source.path]?.imports.map(({ path }) => path) ?? []
      expect(importsOf(source)).toEqual(expect.arrayContaining(bundled))
    }
  })
})

describe('the check itself', () => {
  it('reads every form of import', () => {
    const text = [
      "import a, { type B } from './a.ts'",
      "import type {\n  C,\n  D,\n} from '../session/c.ts'",
      "import * as z from 'zod'",
      "import './side-effect.ts'",
      "export { e } from './e.ts'",
      "export * from './f.ts'",
      "type G = import('./g.ts').G",
      "// import h from './h.ts'",
      "/** @example import i from './i.ts' */",
      "const text = 'from'",
    ].join('\n')
    expect(importsOf({ path: 'src/http/x.ts', text }).sort()).toEqual([
      'src/http/a.ts',
      'src/http/e.ts',
      'src/http/f.ts',
      'src/http/g.ts',
      'src/http/side-effect.ts',
      'src/session/c.ts',
      'zod',
    ])
  })

  it.each([
    ['src/protocol/x.ts', '../session/limits.ts', 'src/session/limits.ts'],
    ['src/protocol/x.ts', 'node:fs', 'node:fs'],
    ['src/protocol/print.ts', 'node:http', 'node:http'],
    ['src/storage/x.ts', '../protocol/limits.ts', 'src/protocol/limits.ts'],
    ['src/session/x.ts', '../http/app.ts', 'src/http/app.ts'],
    ['src/session/x.ts', 'cloudflare:workers', 'cloudflare:workers'],
    ['src/session/x.ts', 'node:fs', 'node:fs'],
    ['src/team/x.ts', '../session/engine.ts', 'src/session/engine.ts'],
    ['src/team/directory.ts', 'cloudflare:workers', 'cloudflare:workers'],
    ['src/client-object/x.ts', 'hono', 'hono'],
    ['src/http/x.ts', '../session/engine.ts', 'src/session/engine.ts'],
    ['src/http/x.ts', '../session/session-id.ts', 'src/session/session-id.ts'],
    ['src/http/x.ts', 'undici', 'undici'],
    ['src/http/x.ts', 'jose', 'jose'],
    ['src/access/x.ts', 'hono/jwt', 'hono/jwt'],
    ['src/log.ts', './clock.ts', 'src/clock.ts'],
    ['local-bridge/x.ts', '../src/index.ts', 'src/index.ts'],
    ['local-bridge/x.ts', '../src/team/report.ts', 'src/team/report.ts'],
    ['local-bridge/x.ts', './stack/start.ts', 'local-bridge/stack/start.ts'],
    ['local-bridge/x.ts', 'miniflare', 'miniflare'],
    ['local-bridge/stack/x.ts', '../../src/http/app.ts', 'src/http/app.ts'],
  ])('finds that %s may not import %s', (path, specifier, target) => {
    expect(forbiddenImports(one(path, `import x from '${specifier}'`))).toEqual([
      `${path} may not import ${target}`,
    ])
  })

  it('finds a file that is in no zone', () => {
    expect(forbiddenImports(one('src/new-folder/x.ts', ''))).toEqual([
      'src/new-folder/x.ts is in no zone',
    ])
  })

  it('finds circles, also those of types alone', () => {
    const sources = [
      ...one('src/a.ts', "import type { B } from './b.ts'"),
      ...one('src/b.ts', "import { c } from './c.ts'"),
      ...one('src/c.ts', "export type { A } from './a.ts'"),
      ...one('src/d.ts', "import './a.ts'"),
    ]
    expect(circles(sources)).toEqual(['src/a.ts → src/b.ts → src/c.ts → src/a.ts'])
  })

  it('finds SQL, clocks and dice, but not in comments', () => {
    const sql = "sql.exec('SELECT 1')"
    expect(filesWith(SQL, one('src/http/x.ts', sql), ['src/storage/'])).toEqual(['src/http/x.ts'])
    expect(filesWith(SQL, one('src/storage/x.ts', sql), ['src/storage/'])).toEqual([])
    expect(filesWith(SQL, one('src/http/x.ts', `// ${sql}`), [])).toEqual([])
    for (const text of ['Date.now()', 'x = Math.random()', 'crypto.randomUUID()', 'new Date()']) {
      expect(filesWith(TIME_OR_CHANCE, one('src/x.ts', text), [])).toEqual(['src/x.ts'])
    }
  })
})
