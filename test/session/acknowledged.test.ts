// Work that a bridge has acknowledged is never refused for what happened meanwhile.

import { describe, expect, it } from 'vitest'
import type { Call } from '../../src/protocol/call.ts'
import { asJsonText, toJsonText } from '../../src/protocol/json-text.ts'
import { createEngine } from '../../src/session/engine.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/session/limits.ts'
import { sessionIds, sessionIdsWithKey } from '../../src/session/session-id.ts'
import { openStore } from '../../src/storage/store.ts'
import { SECRET } from '../support/engine-host.ts'
import { seededBytes } from '../support/engine-random.ts'
import { fixedClock, HOUR } from '../support/fixed-clock.ts'
import { openNodeSql } from '../support/node-sql.ts'

const OWNER = { team: 'local', client_id: 'desk' }
const CALLER = { team: 'local', subject: 'local', client_ids: [] }

function startEngine(limits: Partial<Limits> = {}) {
  const clock = fixedClock()
  const store = openStore(openNodeSql(), clock.now())
  const ids = sessionIds({ secrets: [SECRET], random: seededBytes(1) })
  const bridgeIds = sessionIdsWithKey({ key: ids.keyOf(OWNER), random: seededBytes(2) })
  const engine = createEngine({
    ...{ store, clock, ids },
    limits: { ...DEFAULT_LIMITS, ...limits },
    onFault: (error) => {
      throw error
    },
  })

  function send(command: string, parameters: object, call: Partial<Call> = {}) {
    const { outcome, replayed } = engine.execute({
      ...{ command, caller: CALLER, message_id: toJsonText('m') },
      parameters: { ...parameters },
      ...call,
    })
    const result: Record<string, unknown> = outcome.ok ? JSON.parse(outcome.value) : {}
    return { replayed, result, refused: outcome.ok ? undefined : outcome.failure.reason }
  }

  return {
    ...{ clock, store, send },
    promise: () => bridgeIds.mint(OWNER, 1, clock.now()),
    create: (parameters: object = {}) =>
      String(send('create_session', { client_id: 'desk', ...parameters }).result.session_id),
    info: (session_id: unknown) =>
      send('get_session_info', { session_id: String(session_id), state: true }).result,
  }
}

const state = (value: object) => ({ state_data: asJsonText(JSON.stringify(value)) })

describe('a change that was acknowledged', () => {
  it('is made where the session is as it was', () => {
    const { create, send } = startEngine()
    const session_id = create()
    const acknowledged = { base_revision: 1 }
    const sent = send('update_session_state', { session_id, ...state({ n: 1 }) }, { acknowledged })
    expect(sent.result).toMatchObject({ session_id, revision: 2 })
  })

  it('becomes a session of its own where the session was changed, whatever the message says of conflicts', () => {
    const { create, send, info } = startEngine()
    const session_id = create()
    send('update_session_state', { session_id, ...state({ by: 'laptop' }) })
    const change = { session_id, if_revision: 1, on_conflict: 'error', ...state({ by: 'desk' }) }
    const { result } = send('update_session_state', change, { acknowledged: { base_revision: 1 } })
    expect(result).toMatchObject({ conflict: { session_id, current_revision: 2 } })
    expect(info(result.session_id)).toMatchObject({ session_state: { by: 'desk' } })
    expect(info(session_id)).toMatchObject({ session_state: { by: 'laptop' }, revision: 2 })
  })

  it('does not check again what the message expected when it was acknowledged', () => {
    const { create, send } = startEngine()
    const session_id = create()
    const change = { session_id, if_revision: 9, ...state({ n: 1 }) }
    const { result } = send('update_session_state', change, { acknowledged: { base_revision: 1 } })
    expect(result).toMatchObject({ session_id, revision: 2 })
  })

  it('gives a copy the id that the client was told', () => {
    const { create, send, promise } = startEngine()
    const session_id = create()
    send('update_session_state', { session_id, ...state({ by: 'laptop' }) })
    const promised = promise()
    const acknowledged = { base_revision: 1, session_id: promised }
    const sent = send('update_session_state', { session_id, ...state({ n: 1 }) }, { acknowledged })
    expect(sent.result.session_id).toBe(promised)
  })

  it('renews a lease that has ended meanwhile', () => {
    const { create, send, clock, info } = startEngine()
    const session_id = create()
    clock.advance(2 * HOUR)
    const change = { session_id, ...state({ n: 1 }) }
    expect(send('update_session_state', change).refused).toBe('session_expired')
    const acknowledged = { base_revision: 1 }
    expect(send('update_session_state', change, { acknowledged }).refused).toBeUndefined()
    expect(info(session_id)).toMatchObject({ status: 'active', session_state: { n: 1 } })
  })

  it('is kept in a closed session where no active one is to spare', () => {
    const { create, send, clock, info } = startEngine({ activeSessions: 1 })
    const session_id = create()
    clock.advance(2 * HOUR)
    create()
    const change = { session_id, ...state({ n: 1 }) }
    send('update_session_state', change, { acknowledged: { base_revision: 1 } })
    expect(info(session_id)).toMatchObject({ status: 'closed', session_state: { n: 1 } })
  })

  it('leaves a session closed that somebody has closed', () => {
    const { create, send, info } = startEngine()
    const session_id = create()
    send('close_session', { session_id })
    const change = { session_id, ...state({ n: 1 }) }
    send('update_session_state', change, { acknowledged: { base_revision: 1 } })
    expect(info(session_id)).toMatchObject({ status: 'closed', session_state: { n: 1 } })
  })
})

describe('a creation that was acknowledged', () => {
  const create = { client_id: 'desk', ...state({ n: 1 }) }

  it('has the id that the client was told', () => {
    const { send, promise } = startEngine()
    const session_id = promise()
    const acknowledged = { base_revision: 0, session_id }
    expect(send('create_session', create, { acknowledged }).result.session_id).toBe(session_id)
  })

  it('is refused under an id that was not minted for the client', () => {
    const { send } = startEngine()
    const acknowledged = { base_revision: 0, session_id: 'session_0_1_forged' }
    expect(send('create_session', create, { acknowledged }).refused).toBe('invalid_parameter')
  })

  it('is made once, however often and under whatever name it is delivered', () => {
    const { send, promise, store, clock } = startEngine()
    const acknowledged = { base_revision: 0, session_id: promise() }
    for (const delivery_id of ['d-1', 'd-1', 'd-2']) {
      const { result } = send('create_session', create, { acknowledged, delivery_id })
      expect(result).toMatchObject({ session_id: acknowledged.session_id, revision: 1 })
    }
    expect(store.sessions.active(clock.now())).toHaveLength(1)
  })

  it('takes the place of what its first attempt made unheard', () => {
    const { send, promise, store, info, clock } = startEngine()
    const unheard = send('create_session', create, { delivery_id: 'd-1' }).result.session_id
    const acknowledged = { base_revision: 0, session_id: promise() }
    const { result } = send('create_session', create, { acknowledged, delivery_id: 'd-1' })
    expect(result.session_id).toBe(acknowledged.session_id)
    expect(info(unheard)).toEqual({})
    expect(store.sessions.active(clock.now())).toHaveLength(1)
    const again = send('create_session', create, { acknowledged, delivery_id: 'd-1' })
    expect(again).toMatchObject({ replayed: true, result: { session_id: acknowledged.session_id } })
  })

  it('leaves what its first attempt made where it is refused itself', () => {
    const { send, promise, info, store } = startEngine({ creations: { perMinute: 1, burst: 1 } })
    const made = send('create_session', create, { delivery_id: 'd-1' }).result.session_id
    const before = store.events.range()
    const acknowledged = { base_revision: 0, session_id: promise() }
    const again = send('create_session', create, { acknowledged, delivery_id: 'd-1' })
    expect(again.refused).toBe('rate_limited')
    expect(info(made)).toMatchObject({ status: 'active', session_state: { n: 1 } })
    expect(store.events.range()).toEqual(before)
  })

  it('tells subscribers and the audit log of the session that it takes the place of', () => {
    const { send, promise, store } = startEngine()
    const made = send('create_session', create, { delivery_id: 'd-1' }).result.session_id
    const acknowledged = { base_revision: 0, session_id: promise() }
    send('create_session', create, { acknowledged, delivery_id: 'd-1' })
    const events = store.events.after(0, 10).map(({ type, session_id }) => [type, session_id])
    expect(events).toContainEqual(['session.deleted', made])
    const rows = store.audit.all().map(({ action, session_id }) => [action, session_id])
    expect(rows.slice(-2)).toEqual([
      ['session_created', acknowledged.session_id],
      ['session_deleted', made],
    ])
  })

  it('is active in the place of its first attempt where no other session is to spare', () => {
    const { send, promise, info } = startEngine({ activeSessions: 1 })
    send('create_session', create, { delivery_id: 'd-1' })
    const acknowledged = { base_revision: 0, session_id: promise() }
    send('create_session', create, { acknowledged, delivery_id: 'd-1' })
    expect(info(acknowledged.session_id)).toMatchObject({ status: 'active' })
  })

  it('takes the place of nothing that was worked with, nor of what the client itself has named', () => {
    const { send, promise, info } = startEngine()
    const first = send('create_session', create, { delivery_id: 'd-1' }).result.session_id
    send('update_session_state', { session_id: first, ...state({ n: 2 }) })
    const acknowledged = { base_revision: 0, session_id: promise() }
    send('create_session', create, { acknowledged, delivery_id: 'd-1' })
    expect(info(first)).toMatchObject({ session_state: { n: 2 } })

    const named = send('create_session', create, { idempotency_key: 'k' }).result.session_id
    const other = { base_revision: 0, session_id: promise() }
    send('create_session', create, { acknowledged: other, idempotency_key: 'k' })
    expect(info(named)).toMatchObject({ status: 'active' })
    expect(info(other.session_id)).toMatchObject({ status: 'active' })
  })

  it('is kept closed where no active session is to spare', () => {
    const { send, promise, create: createOne } = startEngine({ activeSessions: 1 })
    createOne()
    expect(send('create_session', create).refused).toBe('session_limit_exceeded')
    const acknowledged = { base_revision: 0, session_id: promise() }
    const { result } = send('create_session', create, { acknowledged })
    expect(result).toMatchObject({ is_active: false, revision: 1 })
  })

  it('waits for its turn like any other: the limit of creations counts', () => {
    const { send, promise } = startEngine({ creations: { perMinute: 1, burst: 1 } })
    const acknowledged = () => ({ base_revision: 0, session_id: promise() })
    send('create_session', create, { acknowledged: acknowledged() })
    const sent = send('create_session', create, { acknowledged: acknowledged() })
    expect(sent.refused).toBe('rate_limited')
  })
})
