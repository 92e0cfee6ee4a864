// The error catalogue through the door: every reason that the Worker can give, and every way on that it offers.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { TOKEN_LIFETIME_S } from '../../local-bridge/stack/stui-api/tokens.ts'
import { CATALOGUE } from '../../src/protocol/catalogue.ts'
import type { Reason } from '../../src/protocol/failures.ts'
import { MAX_MESSAGE_BYTES } from '../../src/protocol/limits.ts'
import { routeOf } from '../../src/session/session-id.ts'
import { startDoor } from '../support/authenticating-door.ts'
import { MINUTE, SECOND } from '../support/fixed-clock.ts'
import {
  type Answer,
  ask,
  newClient,
  newSession,
  post,
  run,
  type WorkerReply,
  workerWith,
} from '../support/worker.ts'

/** Those of the bridge: the Worker answers or fails. `forbidden` takes a gated command (may-use.test.ts). */
const NOT_HERE = ['timeout', 'journal_full', 'image_unreachable', 'forbidden'] as const

/** What brings each reason about. */
const PROVOKE: {
  readonly [R in Exclude<Reason, (typeof NOT_HERE)[number]>]: () => Promise<Answer>
} = {
  parse_error: () => post('{'),
  invalid_request: () => post('[]'),
  unknown_command: () => ask({ command: 'creat_session' }),
  unsupported_version: () => ask({ command: 'ping', version: '2.0.0' }),
  unauthenticated: async () => (await startDoor()).ask({ command: 'ping' }),

  token_expired: async () => {
    const { ask: askDoor, token, clock } = await startDoor()
    const ended = await token('frida')
    clock.advance(TOKEN_LIFETIME_S * SECOND + MINUTE)
    return askDoor({ command: 'ping' }, ended)
  },

  missing_parameter: () => ask({ command: 'close_session' }),
  invalid_parameter: () => ask({ command: 'ping', message: 7 }),
  invalid_client_id: () => ask({ command: 'create_session', client_id: 'a b' }),

  client_not_allowed: () => {
    const client_id = newClient()
    const door = workerWith({ STUI_DENIED_CLIENTS: client_id })
    return ask({ command: 'create_session', client_id }, {}, door)
  },

  session_not_found: () =>
    ask({ command: 'get_session_info', client_id: newClient(), session_id: 'session_1_1_x' }),

  session_closed: async () => {
    const session_id = await newSession()
    await run('close_session', { session_id })
    return ask({ command: 'update_session_state', session_id, state_data: {} })
  },

  session_expired: async () => {
    const client_id = newClient()
    const session_id = await newSession({ client_id })
    await change(client_id, 'UPDATE session SET expires_at = 1')
    return ask({ command: 'restore_session', session_id })
  },

  session_limit_exceeded: async () => {
    const client_id = newClient()
    for (let n = 0; n < 5; n += 1) await run('create_session', { client_id })
    return ask({ command: 'create_session', client_id })
  },

  revision_conflict: async () => {
    const session_id = await newSession()
    await run('update_session_state', { session_id, state_data: { a: 1 } })
    const change = { session_id, state_data: { a: 2 }, if_revision: 1 }
    return ask({ command: 'update_session_state', ...change })
  },

  idempotency_conflict: async () => {
    const message = { command: 'create_session', client_id: newClient(), idempotency_key: 'k' }
    await ask(message)
    return ask({ ...message, name: 'another' })
  },

  payload_too_large: () => post(' '.repeat(MAX_MESSAGE_BYTES + 1)),

  session_too_large: async () => {
    const session_id = await newSession()
    const state_data = { text: 'x'.repeat(1_000_000) }
    return ask({ command: 'update_session_state', session_id, state_data })
  },

  storage_limit_exceeded: async () => {
    const client_id = newClient()
    const session_id = await newSession({ client_id })
    await change(client_id, 'UPDATE session SET stored_bytes = 1e9')
    await evictDurableObject(objectOf(client_id))
    return ask({ command: 'update_session_state', client_id, session_id, state_data: { n: 1 } })
  },

  rate_limited: async () => {
    const client_id = newClient()
    for (let n = 0; n < 5; n += 1) {
      await run('close_session', { session_id: await newSession({ client_id }) })
    }
    return ask({ command: 'create_session', client_id })
  },

  session_corrupted: async () => {
    const client_id = newClient()
    const session_id = await newSession({ client_id, state_data: { a: 1 } })
    await change(client_id, `UPDATE component SET text = '{"a":2}'`)
    return ask({ command: 'restore_session', session_id })
  },

  upstream_unavailable: () =>
    ask({ command: 'ping' }, {}, workerWith({ STUI_SESSION_SECRETS: undefined })),

  internal_error: () => {
    const door = workerWith({ CLIENTS: undefined })
    return ask({ command: 'list_client_sessions', client_id: newClient() }, {}, door)
  },
}

/** The reasons that offer a way on. */
const WITH_RECOVERY: readonly string[] = [
  'parse_error',
  'invalid_request',
  'unknown_command',
  'unsupported_version',
  'missing_parameter',
  'invalid_parameter',
  'invalid_client_id',
  'session_not_found',
  'session_closed',
  'session_expired',
  'session_limit_exceeded',
  'revision_conflict',
  'idempotency_conflict',
  'payload_too_large',
  'session_too_large',
  'storage_limit_exceeded',
  'session_corrupted',
  'internal_error',
]

describe('every reason of refusal', () => {
  it('is provoked here, but for those that the door does not give', () => {
    expect([...Object.keys(PROVOKE), ...NOT_HERE].sort()).toEqual(Object.keys(CATALOGUE).sort())
  })

  it.each(Object.entries(PROVOKE))(
    'is answered as the catalogue has it, with a way on that works: %s',
    async (reason, provoke) => {
      const { status, reply } = await provoke()
      const entry = CATALOGUE[reason as Reason]
      expect(reply).toMatchObject({
        status: 'error',
        error_code: reason,
        error_type: entry.type,
        meta: { request_id: expect.any(String) },
      })
      expect(status).toBe(entry.status)
      const { recovery = [] } = reply
      expect(recovery.length > 0).toBe(WITH_RECOVERY.includes(reason))
      for (const { command, parameters } of recovery) await run(command, parameters)
    }
  )
})

describe('a session that somebody else owns', () => {
  it('is answered exactly like one that never was', async () => {
    const session_id = await newSession()
    const foreign = await ask({ command: 'close_session', session_id, client_id: newClient() })
    const unknown = await ask({ command: 'close_session', session_id: 'session_1_1_x' })
    expect(told(foreign.reply)).toEqual(told(unknown.reply))
    expect(foreign.reply.error_code).toBe('session_not_found')
  })
})

/** What a client learns of a session from a refusal. */
function told({ error, error_type, error_code, details }: WorkerReply) {
  return { error, error_type, error_code, details }
}

function objectOf(client_id: string) {
  return env.CLIENTS.getByName(routeOf({ team: 'local', client_id }))
}

/** Changes the rows of a client's object behind its back, as time or a failing disk would. */
async function change(client_id: string, statement: string): Promise<void> {
  await runInDurableObject(objectOf(client_id), (_, state) => {
    state.storage.sql.exec(statement)
  })
}
