// The registry: each command is declared once, completely, and its example is true.

import { describe, expect, it } from 'vitest'
import { type Declaration, parseParameters, unknownParameters } from '../../src/protocol/command.ts'
import { COMMANDS } from '../../src/protocol/commands/index.ts'
import { DOCUMENT_FIELD, OPAQUE_FIELDS } from '../../src/protocol/components.ts'
import { jsonSchema } from '../../src/protocol/describe-command.ts'
import { readMessage } from '../../src/protocol/message.ts'
import { findCommand, similarCommands } from '../../src/protocol/registry.ts'

const ALL: readonly Declaration[] = COMMANDS

describe('the list of commands', () => {
  it('is in the order of the specification', () => {
    expect(ALL.map(({ name }) => name)).toEqual([
      'create_session',
      'restore_session',
      'update_session_state',
      'renew_session',
      'close_session',
      'get_session_info',
      'list_client_sessions',
      'get_session_statistics',
      'list_session_revisions',
      'revert_session',
      'diff_session_revisions',
      'save_context',
      'load_context',
      'get_context_summary',
      'clear_context',
      'list_image_sessions',
      'get_image_session_stats',
      'cleanup_image_sessions',
      'switch_image_context',
      'get_image_connection_status',
      'report_image_status',
      'report_bridge_status',
      'get_bridge_status',
      'export_session',
      'import_session',
      'get_audit_log',
      'get_events',
      'get_mint_key',
      'validate_feature_access',
      'describe',
      'ping',
    ])
  })

  it('says which commands change something', () => {
    expect(ALL.filter(({ mutates }) => mutates).map(({ name }) => name)).toEqual([
      'create_session',
      'restore_session',
      'update_session_state',
      'renew_session',
      'close_session',
      'revert_session',
      'save_context',
      'load_context',
      'clear_context',
      'cleanup_image_sessions',
      'switch_image_context',
      'report_image_status',
      'report_bridge_status',
      'import_session',
    ])
  })

  it('is found by exact name only', () => {
    expect(findCommand('ping')?.name).toBe('ping')
    for (const name of ['Ping', 'toString', '__proto__', ''])
      expect(findCommand(name)).toBeUndefined()
  })
})

describe('a name that nobody knows', () => {
  it.each([
    ['create_sesion', ['create_session']],
    ['CREATE_SESSION', ['create_session']],
    ['restore', []],
    ['pong', ['ping']],
    ['x'.repeat(100_000), []],
    ['', []],
  ])('is answered with what it may have meant: case %#', (name, meant) => {
    expect(similarCommands(name)).toEqual(expect.arrayContaining(meant))
    if (meant.length === 0) expect(similarCommands(name)).toEqual([])
  })

  it('is answered with two names at most', () => {
    expect(similarCommands('list_client_session').length).toBeLessThanOrEqual(2)
  })
})

describe.each(ALL)('the declaration of $name', (command) => {
  it('has a summary, and a description for every parameter and result', () => {
    expect(command.summary).toMatch(/^[A-Z].*\.$/)
    for (const schema of [command.parameters, command.result]) {
      const undescribed = members(jsonSchema(schema)).filter(([, { description }]) => !description)
      expect(undescribed.map(([path]) => path)).toEqual([])
    }
  })

  it('has an example that its own schemas accept', () => {
    const { parameters, result } = command.example
    const read = readMessage(JSON.stringify({ command: command.name, parameters })).message
    expect(read.ok && parseParameters(command, read.value.parameters).ok).toBe(true)
    expect(unknownParameters(command, parameters)).toEqual([])
    expect(command.result.strict().safeParse(result).error).toBeUndefined()
  })

  it('has session ids of the right shape in its example', () => {
    const ids = JSON.stringify(command.example).match(/session_\d[\w-]*/g) ?? []
    for (const id of ids) expect(id).toMatch(/^session_\d+_\d{10}_[0-9A-Za-z]{48}$/)
  })

  it('describes opaque members as any object or array, a document as an object', () => {
    for (const [path, schema] of members(jsonSchema(command.parameters))) {
      if (!OPAQUE_FIELDS.has(path)) continue
      const type = path === DOCUMENT_FIELD ? 'object' : ['object', 'array']
      expect(schema).toMatchObject({ type, 'x-opaque': true })
    }
  })
})

type Schema = { readonly [key: string]: unknown; readonly description?: string }

/** Every named member of an object schema, at every level, with its path. */
function members(schema: Record<string, unknown>, prefix = ''): [string, Schema][] {
  const { properties, items, additionalProperties } = schema
  const own = Object.entries((properties ?? {}) as Record<string, Schema>)
  return [
    ...own.flatMap(([name, member]): [string, Schema][] => [
      [prefix + name, member],
      ...members(member, `${prefix}${name}.`),
    ]),
    ...[items, additionalProperties].flatMap((inner) =>
      typeof inner === 'object' ? members(inner as Schema, prefix) : []
    ),
  ]
}
