// What is special about a command stands in its declaration, so that a new one is one file again.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/protocol/commands/index.ts'
import { filesWith } from '../support/import-rules.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Where commands are let in, run and written down. */
const FOLDERS = ['src/access', 'src/client-object', 'src/http', 'src/session', 'src/team']

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({
      path: `${folder}/${name}`,
      text: readFileSync(join(ROOT, folder, name), 'utf8'),
    }))
)

describe('A property of a command', () => {
  it('is declared, and decided by name nowhere else', () => {
    const names = COMMANDS.map(({ name }) => name).join('|')
    const decision = new RegExp(`(?:case|[!=]==) '(?:${names})'|Set\\(\\[\\s*'(?:${names})'`)
    expect(sources.length).toBeGreaterThan(100)
    expect(filesWith(decision, sources, [])).toEqual([])
  })

  it('says that a command makes a session only where it can be made', () => {
    const making = COMMANDS.filter((command) => 'makes_session' in command)
    expect(making.map(({ name }) => name)).toEqual(['create_session', 'import_session'])
    for (const { parameters } of making) expect(parameters.shape).toHaveProperty('client_id')
  })

  it('names the rows of the audit log apart from one another', () => {
    const named = COMMANDS.flatMap(({ audit = '' }: { readonly audit?: string }) => audit || [])
    expect(new Set(named).size).toBe(named.length)
  })
})
