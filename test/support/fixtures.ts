// The seeds' own examples, played against a running service: every key that a seed shows must be in our reply,
// under the same name and of the same kind, and state must be equal.

import { isDeepStrictEqual } from 'node:util'
import { COMPONENTS } from '../../src/protocol/components.ts'
import { pascalCase } from '../../src/protocol/dialects/dialect.ts'
import { ENVELOPE_KEYS } from '../../src/protocol/message-parameters.ts'
import seed000 from '../fixtures/seed-000.json' with { type: 'json' }
import seed001 from '../fixtures/seed-001.json' with { type: 'json' }
import seed002 from '../fixtures/seed-002.json' with { type: 'json' }

export type Members = Readonly<Record<string, unknown>>

export type Fixture = {
  readonly seed: string
  readonly command: string
  readonly request: Members
  /** Null where the seed shows none. */
  readonly response: Members | null
}

export const DIALECTS = ['A', 'B', 'C', 'D'] as const
export type Dialect = (typeof DIALECTS)[number]

/** Sends one message and gives the reply. */
export type Send = (message: Members) => Promise<Members>

export const FIXTURES: readonly Fixture[] = [...seed000, ...seed001, ...seed002]

/** Every fixture in every dialect, with a title. */
export const CASES: readonly (readonly [string, Fixture, Dialect])[] = FIXTURES.flatMap((fixture) =>
  DIALECTS.map(
    (dialect) =>
      [`seed ${fixture.seed}, ${fixture.command}, dialect ${dialect}`, fixture, dialect] as const
  )
)

/** Values that must be equal, not only of the same kind. */
const EQUAL: ReadonlySet<string> = new Set(['id', 'status', ...COMPONENTS])

/** Plays a fixture for a client of its own; gives what is wrong with the reply, nothing if all is well. */
export async function play(
  { request, response }: Fixture,
  dialect: Dialect,
  { send, client_id }: { readonly send: Send; readonly client_id: string }
): Promise<string[]> {
  const said = async (message: Members) => heard(dialect, await send(inDialect(dialect, message)))
  const ask = (name: string, parameters: Members) => said({ command: name, parameters })
  const given = await withRealIds(request, response, { ask, client_id })
  const reply = await said(given)
  if (response !== null) return missingFrom(reply, toldIn(dialect, response))
  const restored = await ask('restore_session', { session_id: parametersOf(given).session_id })
  return [
    ...missingFrom(reply, { status: 'success' }),
    ...missingFrom(restored, { result: stateOf(parametersOf(given)) }),
  ]
}

/** A request in another spelling: parameters under their own key, beside the command, or as typed requests hold them. */
export function inDialect(dialect: Dialect, request: Members): Members {
  const parameters = parametersOf(request)
  const envelope = Object.fromEntries(
    Object.entries(request).filter(([key]) => key !== 'parameters' && ENVELOPE_KEYS.has(key))
  )
  const typed = { request_type: pascalCase(String(request.command)), params: parameters }
  switch (dialect) {
    case 'A':
      return { ...envelope, parameters }
    case 'B':
      return { ...envelope, ...parameters }
    case 'C': {
      const { command: _, ...rest } = envelope
      const timestamp = '2025-08-30T10:30:00Z'
      return { ...rest, version: '1.0.0', timestamp, payload: { type: 'Request', data: typed } }
    }
    case 'D':
      return typed
  }
}

/** A reply as dialect A would have said it; of a typed refusal only what is the same. */
export function heard(dialect: Dialect, reply: Members): Members {
  if (dialect === 'A' || dialect === 'B') return reply
  const { payload, ...envelope } = reply
  const response = dialect === 'C' ? ((payload as Members).data as Members) : reply
  const { response_type, data } = response
  return response_type === 'Error'
    ? { ...envelope, status: 'error', ...(data as Members) }
    : { ...envelope, status: 'success', result: data }
}

/** What of a canonical reply a dialect tells: dialect D has neither id nor time. */
function toldIn(dialect: Dialect, response: Members): Members {
  if (dialect !== 'D') return response
  const { id: _, timestamp: __, ...told } = response
  return told
}

/** What `expected` has and `actual` has not, or has differently, by path. */
export function missingFrom(actual: unknown, expected: unknown, path = 'reply'): string[] {
  if (kind(actual) !== kind(expected)) {
    return [`${path} is ${kind(actual)}, not ${kind(expected)}`]
  }
  if (typeof expected !== 'object' || expected === null) return []
  return Object.entries(expected).flatMap(([key, value]) => {
    const found = (actual as Members)[key]
    const where = `${path}.${key}`
    if (!EQUAL.has(key)) return missingFrom(found, value, where)
    return isDeepStrictEqual(found, value) ? [] : [`${where} is not equal`]
  })
}

/** Real ids in place of the placeholders; a named session exists and has the state that the seed shows. */
async function withRealIds(
  request: Members,
  response: Members | null,
  { ask, client_id }: { readonly ask: Ask; readonly client_id: string }
): Promise<Members> {
  const { command } = request
  const parameters: Record<string, unknown> = { ...parametersOf(request) }
  if ('client_id' in parameters) parameters.client_id = client_id
  if (command !== 'create_session') {
    const created = await ask('create_session', { client_id })
    const { session_id } = created.result as Members
    if ('session_id' in parameters) parameters.session_id = session_id
    if (command === 'restore_session') await giveState(ask, session_id, response)
    if (command === 'list_client_sessions') await ask('create_session', { client_id })
  }
  return inDialect('A', { ...request, parameters })
}

type Ask = (command: string, parameters: Members) => Promise<Members>

async function giveState(ask: Ask, session_id: unknown, response: Members | null): Promise<void> {
  const { session_state, ...named } = stateOf((response?.result ?? {}) as Members)
  const state = { ...(session_state !== undefined && { state_data: session_state }), ...named }
  await ask('update_session_state', { session_id, ...state })
}

function stateOf(members: Members): Members {
  return Object.fromEntries(
    COMPONENTS.filter((name) => name in members).map((name) => [name, members[name]])
  )
}

function parametersOf(request: Members): Members {
  if (request.parameters !== undefined) return request.parameters as Members
  return Object.fromEntries(Object.entries(request).filter(([key]) => !ENVELOPE_KEYS.has(key)))
}

function kind(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
