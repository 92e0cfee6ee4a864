// Random and malformed messages, the same on every run: valid ones damaged, and garbage that was never one.

import fc from 'fast-check'
import { pascalCase } from '../../src/protocol/dialects/dialect.ts'

const encoder = new TextEncoder()

const COMMANDS = [
  'create_session',
  'restore_session',
  'update_session_state',
  'close_session',
  'get_session_info',
  'list_client_sessions',
  'get_session_statistics',
  'list_session_revisions',
  'revert_session',
  'list_image_sessions',
  'get_image_session_stats',
  'cleanup_image_sessions',
  'switch_image_context',
  'get_image_connection_status',
  'report_image_status',
  'report_bridge_status',
  'get_bridge_status',
  'describe',
  'ping',
  'evaluate',
  '__proto__',
  '',
]

const FORGED = `session_1_1756549800_${'0'.repeat(48)}`

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    FORGED,
    'client_001',
    true,
    false,
    null,
    -1,
    0,
    1e308,
    '\u0000',
    '💥',
    'a'.repeat(300)
  ),
  fc.string({ unit: 'binary', maxLength: 40 })
)

const parameterName = fc.constantFrom(
  'client_id',
  'session_id',
  'state_data',
  'workspace_context',
  'timeout',
  'mode',
  'revision',
  'if_revision',
  'image_id',
  'image_metadata',
  'image_address',
  'bridge_id',
  'clients',
  'status',
  'scope',
  'client_info',
  'limit',
  'cursor',
  'latest',
  'revive',
  '__proto__',
  'constructor',
  'id',
  'x'
)

/** Messages in dialects A and B with parameters of any name, kind and size. */
const canonical = fc.record(
  {
    id: fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), anyValue),
    command: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...COMMANDS) },
      { weight: 1, arbitrary: anyValue }
    ),
    parameters: fc.oneof(fc.dictionary(parameterName, anyValue, { maxKeys: 6 }), anyValue),
    client_id: anyValue,
    session_id: anyValue,
    version: fc.constantFrom('1', '1.0.0', '2', 1, null, {}),
    idempotency_key: fc.oneof(fc.string({ maxLength: 8 }), anyValue),
  },
  { requiredKeys: [] }
)

/** The same in dialects C and D, with parts of their envelopes absent or of another kind. */
const typed = fc
  .tuple(canonical, fc.boolean(), fc.constantFrom('Request', 'Event', 7, null), anyValue)
  .map(([{ command, parameters, ...rest }, isEnveloped, type, odd]) => {
    const name = typeof command === 'string' ? pascalCase(command) : command
    const data = { request_type: name, params: parameters }
    if (!isEnveloped) return { ...data, id: rest.id }
    return { ...rest, payload: { type, data: type === null ? odd : data } }
  })

const message = fc
  .oneof({ weight: 3, arbitrary: canonical }, { weight: 1, arbitrary: typed })
  .map((value) => encoder.encode(JSON.stringify(value)))

/** A message cut short, with some bytes changed. */
const damaged = fc
  .tuple(message, fc.nat(), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }))
  .map(([bytes, cut, flips]) => {
    const copy = bytes.slice(0, cut % (bytes.length + 1))
    for (const [at, value] of flips) if (copy.length > 0) copy[at % copy.length] = value
    return copy
  })

const nested = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.integer({ min: 60, max: 5000 }))
  .map(([open, depth]) =>
    encoder.encode(`{"command":"ping","parameters":{"a":${open.repeat(depth)}`)
  )

const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .constantFrom(
      '',
      ' ',
      'null',
      '[]',
      '"',
      '\ufeff{}',
      '{}{}',
      'GET / HTTP/1.1\r\n\r\n',
      '{"id":"\\ud800"}'
    )
    .map((text) => encoder.encode(text)),
  nested
)

/** `count` bodies from a seed. */
export function fuzzCorpus(count: number, seed: number): Uint8Array[] {
  const body = fc.oneof(
    { weight: 5, arbitrary: message },
    { weight: 3, arbitrary: damaged },
    { weight: 2, arbitrary: garbage }
  )
  return fc.sample(body, { numRuns: count, seed })
}
