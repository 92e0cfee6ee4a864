// A new command is a declaration, a line in the list and a handler, and the compiler demands the handler.

import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** A made-up command for each scope, and where its handler belongs. */
const MADE_UP = [
  {
    name: 'knock',
    scope: 'client',
    handlers: 'session/commands/index.ts',
    list: 'HANDLERS: Handlers = {',
  },
  {
    name: 'gather',
    scope: 'team',
    handlers: 'team/commands/index.ts',
    list: 'TEAM_HANDLERS: TeamHandlers = {',
  },
  {
    name: 'echo',
    scope: 'service',
    handlers: 'http/service.ts',
    list: 'SERVICE_HANDLERS: ServiceHandlers = {',
  },
] as const

/** Two compilations of the Worker, on a machine that has other things to do. */
const COMPILING_MS = 90_000

let scratch = ''

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'new-command-'))
  cpSync(join(ROOT, 'src'), join(scratch, 'src'), { recursive: true })
  cpSync(join(ROOT, 'tsconfig.json'), join(scratch, 'tsconfig.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(scratch, 'node_modules'))
})

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
})

describe('a command that is declared and listed', () => {
  it(
    'does not compile until its handler exists, and then it does',
    async () => {
      for (const { name, scope } of MADE_UP) declare(name, scope)
      const refused = await compile()
      for (const { name } of MADE_UP) {
        expect(refused).toMatch(new RegExp(`Property '${name}' is missing in type`))
      }
      for (const { name, handlers, list } of MADE_UP) {
        edit(handlers, list, `${list}\n  ${name}: () => ({ ok: true, value: { heard: true } }),`)
      }
      expect(await compile()).toBe('')
    },
    COMPILING_MS
  )
})

function declare(name: string, scope: string): void {
  const declaration = `
    import * as z from 'zod'
    import { command } from '../command.ts'

    export const ${name} = command({
      name: '${name}',
      scope: '${scope}',
      mutates: false,
      summary: 'Is heard.',
      parameters: z.object({}),
      result: z.object({ heard: z.boolean().describe('It was heard.') }),
      failures: [],
      example: { parameters: {}, result: { heard: true } },
    })
  `
  writeFileSync(join(scratch, 'src/protocol/commands', `${name}.ts`), declaration)
  const list = 'protocol/commands/index.ts'
  edit(
    list,
    'export const COMMANDS = [',
    `import { ${name} } from './${name}.ts'\nexport const COMMANDS = [\n  ${name},`
  )
}

function edit(path: string, from: string, to: string): void {
  const file = join(scratch, 'src', path)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
}

/** What the compiler says; nothing if all is well. */
function compile(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  execFile(tsc, ['-p', join(scratch, 'src'), '--pretty', 'false'], (_, stdout, stderr) =>
    resolve(stdout + stderr)
  )
  return promise
}
