// The printed schemas accept what travels, and refuse what does not: examples of ours and messages of the seeds.

import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ERROR_TYPES } from '../../src/protocol/catalogue.ts'
import type { Declaration } from '../../src/protocol/command.ts'
import { COMMANDS } from '../../src/protocol/commands/index.ts'
import { type JsonText, toJsonText } from '../../src/protocol/json-text.ts'
import { schemaDocument } from '../../src/protocol/reference.ts'
import { errorReply, successReply } from '../../src/protocol/reply.ts'
import { FIXTURES, inDialect } from '../support/fixtures.ts'

const ALL: readonly Declaration[] = COMMANDS
const timestamp = '2026-11-21T10:00:00.000Z'

/** Reads a schema of the document back from its JSON. */
function printed(name: string): z.ZodType {
  const { anyOf: _, ...document } = schemaDocument()
  return z.fromJSONSchema({ ...document, $ref: `#/$defs/${name}` })
}

const accepts = (name: string, value: unknown) => printed(name).safeParse(value).success

describe.each(ALL)('the printed schemas of $name', ({ name, example }) => {
  it('accept its example in both dialects', () => {
    const { parameters } = example
    expect(accepts(`${name}_request`, { id: '1', command: name, parameters })).toBe(true)
    if ('command' in parameters) return // dialect B cannot say it beside the command itself
    expect(accepts(`${name}_request`, { id: 1, command: name, ...parameters })).toBe(true)
  })

  it('accept the reply to its example', () => {
    const reply = successReply({
      id: 'null' as JsonText,
      result: toJsonText(example.result),
      timestamp,
      meta: { request_id: 'r', persistence: 'durable', replayed: true, warnings: ['w'] },
    })
    expect(accepts(`${name}_reply`, JSON.parse(reply))).toBe(true)
  })

  it('refuse another command, and an error in the place of a reply', () => {
    expect(accepts(`${name}_request`, { command: 'another', ...example.parameters })).toBe(false)
    expect(accepts(`${name}_reply`, { id: null, status: 'error', timestamp })).toBe(false)
  })
})

describe('the printed schemas', () => {
  it.each(
    FIXTURES.map((fixture) => [`seed ${fixture.seed}, ${fixture.command}`, fixture] as const)
  )('accept the message of %s in both dialects', (_, { command, request }) => {
    expect(accepts(`${command}_request`, inDialect('A', request))).toBe(true)
    expect(accepts(`${command}_request`, inDialect('B', request))).toBe(true)
  })

  it.each([
    ['create_session', {}],
    ['create_session', { client_id: 'a b' }],
    ['create_session', { client_id: 'a', timeout: 1 }],
    ['update_session_state', { session_id: 's' }],
    ['update_session_state', { session_id: 's', state_data: 'text' }],
    ['restore_session', { client_id: 'a' }],
    ['restore_session', { client_id: 'a', latest: false }],
  ])('refuse what %s refuses: %j', (command, parameters) => {
    expect(accepts(`${command}_request`, { command, parameters })).toBe(false)
    expect(accepts(`${command}_request`, { command, ...parameters })).toBe(false)
  })

  it('accept a refusal', () => {
    const failure = { reason: 'session_not_found' } as const
    const call = { client_id: 'client_001' }
    const reply = errorReply({ id: '7' as JsonText, failure, call, timestamp })
    expect(accepts('error_reply', JSON.parse(reply))).toBe(true)
    for (const error_type of [...ERROR_TYPES, 'TypeError']) {
      const isKnown = error_type !== 'TypeError'
      expect(accepts('error_reply', { ...JSON.parse(reply), error_type })).toBe(isKnown)
    }
  })
})
