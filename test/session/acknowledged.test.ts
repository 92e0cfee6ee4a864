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
    const failure = outcome.ok ? undefined : outcome.failure
    const waitMs = failure?.reason === 'rate_limited' ? failure.retry_after_ms : 0
    return { replayed, result, refused: failure?.reason, waitMs }
  }

  return {
    ...{ clock, store, engine, send },
    promise: () => bridgeIds.mint(OWNER, 1, clock.now()),
    create: (parameters: object = {}) =>
      String(send('create_session', { client_id: 'desk', ...parameters }).result.session_id),
    info: (session_id: unknown) =>
      send('get_session_info', { session_id: String(session_id), state: true }).result,
  }
}

const UUID = '0190a6b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b'

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

  it('gives a copy that id in the place of the one that its first attempt made unheard', () => {
    const { create, send, promise, info } = startEngine({ activeSessions: 2 })
    const session_id = create()
    send('update_session_state', { session_id, ...state({ by: 'laptop' }) })
    const change = { session_id, if_revision: 1, on_conflict: 'copy', ...state({ n: 1 }) }
    const call = { idempotency_key: 'k', delivery_id: 'd' }
    const unheard = send('update_session_state', change, call).result
    const acknowledged = { base_revision: 1, session_id: promise() }
    const { result } = send('update_session_state', change, { ...call, acknowledged })
    expect(result).toMatchObject({
      ...{ session_id: acknowledged.session_id, revision: 1 },
      conflict: { session_id, copy_is_active: true },
    })
    expect(info(unheard.session_id)).toEqual({})
    expect(send('update_session_state', change, call)).toMatchObject({ replayed: true, result })
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

describe('a lease that was acknowledged', () => {
  const call = { acknowledged: { base_revision: 1 } }

  it('is renewed of a session that has expired meanwhile, which nobody else may do without revive', () => {
    const { create, send, clock, info } = startEngine()
    const session_id = create()
    clock.advance(2 * HOUR)
    expect(send('renew_session', { session_id }).refused).toBe('session_expired')
    const { refused, result } = send('renew_session', { session_id }, call)
    expect([refused, result.is_active]).toEqual([undefined, true])
    expect(info(session_id)).toMatchObject({ status: 'active', revision: 1 })
  })

  it('leaves a session at rest where no active one is to spare, and one that somebody has closed', () => {
    const { create, send, clock, info } = startEngine({ activeSessions: 1 })
    const closed = create()
    send('close_session', { session_id: closed })
    const expired = create()
    clock.advance(2 * HOUR)
    create()
    for (const session_id of [closed, expired]) {
      expect(send('renew_session', { session_id }, call).refused).toBeUndefined()
      expect(info(session_id)).toMatchObject({ status: 'closed' })
    }
  })
})

describe('a change that a conflict has led to another session', () => {
  const UNNAMED = {}
  const NAMES: [string, Partial<Call>][] = [
    ['an idempotency key', { idempotency_key: 'k' }],
    ['a unique message id', { message_id: toJsonText(UUID) }],
    ['a delivery', UNNAMED],
  ]

  it.each(NAMES)(
    'is made there, and under %s is one request with the message as it came',
    (_, n) => {
      const { create, send, info } = startEngine()
      const [session_id, target] = [create(), create({ name: 'copy' })]
      const change = { session_id, if_revision: 7, ...state({ n: 1 }) }
      const call = { ...n, delivery_id: 'd' }
      const acknowledged = { base_revision: 1, target }
      const { result } = send('update_session_state', change, { ...call, acknowledged })
      expect(result).toMatchObject({ session_id: target, revision: 2 })
      send('update_session_state', { session_id: target, ...state({ n: 2 }) })
      expect(send('update_session_state', change, call)).toMatchObject({ replayed: true, result })
      expect(info(session_id)).toMatchObject({ revision: 1 })
      const other = { ...change, session_id: target }
      expect(send('update_session_state', other, call).refused).toBe(
        n.message_id === undefined ? 'idempotency_conflict' : 'revision_conflict'
      )
    }
  )

  it('is not made there if it took effect unheard where it was meant to', () => {
    const { create, send, info } = startEngine()
    const [session_id, target] = [create(), create({ name: 'copy' })]
    const change = { session_id, ...state({ n: 1 }) }
    const call = { idempotency_key: 'k', delivery_id: 'd' }
    send('update_session_state', change, call)
    const acknowledged = { base_revision: 1, target }
    const again = send('update_session_state', change, { ...call, acknowledged })
    expect(again).toMatchObject({ replayed: true, result: { session_id } })
    expect(info(target)).toMatchObject({ revision: 1 })
  })

  it('is in the audit log under the session that it went to', () => {
    const { create, send, store, info } = startEngine()
    const [session_id, target] = [create(), create({ name: 'copy' })]
    const call = { acknowledged: { base_revision: 1, target } }
    send('close_session', { session_id }, call)
    expect([info(session_id).status, info(target).status]).toEqual(['active', 'closed'])
    const rows = store.audit.all().map(({ action, session_id: of }) => [action, of])
    expect(rows.at(-1)).toEqual(['session_closed', target])
  })

  it('asks for the start of the image that it works on, not of the one that its message names', () => {
    const { create, engine } = startEngine()
    const [session_id, target] = [create({ image_id: 'moved' }), create({ image_id: 'first' })]
    const wanted = engine
      .admit({
        ...{ command: 'save_context', caller: CALLER, message_id: toJsonText('m') },
        parameters: { session_id, components: asJsonText('{"object_registry":{"o1":{}}}') },
        acknowledged: { base_revision: 1, target },
      })
      .wantedImages()
    expect(wanted?.ids).toEqual(['first'])
  })

  it('finds no session of another client', () => {
    const { create, send } = startEngine()
    const change = { session_id: create(), ...state({ n: 1 }) }
    const acknowledged = { base_revision: 1, target: 'session_0_1_another' }
    expect(send('update_session_state', change, { acknowledged }).refused).toBe('session_not_found')
  })

  it('is work that a bridge can acknowledge: what only the service does is done where the message says', () => {
    const { create, send, info } = startEngine()
    const [session_id, target] = [
      create({ image_id: 'one' }),
      create({ image_id: 'one', name: 'b' }),
    ]
    const moved = { session_id, from_image_id: 'one', to_image_id: 'two' }
    const acknowledged = { base_revision: 1, target }
    expect(send('switch_image_context', moved, { acknowledged }).result).toMatchObject({
      session_id,
    })
    expect(info(target).image_id).toBe('one')
  })

  it('is never a creation', () => {
    const { create, send } = startEngine()
    const acknowledged = { base_revision: 0, target: create({ name: 'copy' }) }
    const { result } = send('create_session', { client_id: 'desk' }, { acknowledged })
    expect(result).toMatchObject({
      revision: 1,
      session_id: expect.not.stringContaining(acknowledged.target),
    })
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

  it.each([
    ['an idempotency key', { idempotency_key: 'k' }],
    ['a unique message id', { message_id: toJsonText(UUID) }],
  ])('takes the place of what its first attempt made unheard under %s too', (_, named) => {
    const { send, promise, store, info, clock } = startEngine()
    const unheard = send('create_session', create, { ...named, delivery_id: 'd-1' }).result
    const acknowledged = { base_revision: 0, session_id: promise() }
    const call = { ...named, acknowledged, delivery_id: 'd-1' }
    const { result } = send('create_session', create, call)
    expect(result.session_id).toBe(acknowledged.session_id)
    expect(info(unheard.session_id)).toEqual({})
    expect(store.sessions.active(clock.now())).toHaveLength(1)
    expect(send('create_session', create, { ...named, delivery_id: 'd-2' })).toMatchObject({
      ...{ replayed: true, result: { session_id: acknowledged.session_id } },
    })
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

  it('takes the place of nothing that was worked with, nor of what another delivery has told', () => {
    const creations = { perMinute: 60, burst: 60 }
    const { send, promise, info } = startEngine({ activeSessions: 20, creations })
    const first = send('create_session', create, { delivery_id: 'd-1' }).result.session_id
    send('update_session_state', { session_id: first, ...state({ n: 2 }) })
    const acknowledged = { base_revision: 0, session_id: promise() }
    send('create_session', create, { acknowledged, delivery_id: 'd-1' })
    expect(info(first)).toMatchObject({ session_state: { n: 2 } })

    for (const [key, before, now] of [
      ['k1', { delivery_id: 'd-3' }, { delivery_id: 'd-4' }],
      ['k2', { delivery_id: 'd-5' }, {}],
      ['k3', {}, {}],
    ] as const) {
      const idempotency_key = key
      const told = send('create_session', create, { ...before, idempotency_key }).result.session_id
      const other = { base_revision: 0, session_id: promise() }
      send('create_session', create, { ...now, acknowledged: other, idempotency_key })
      expect(info(told)).toMatchObject({ revision: 1 })
      expect(info(other.session_id)).toMatchObject({ revision: 1 })
    }
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

describe('the rate of acknowledged work', () => {
  const changes = 2000

  /** Delivers changes as a bridge does, which waits when it is told to; gives the milliseconds that it took. */
  function timeToDeliver(acknowledged: Call['acknowledged']): number {
    const { send, clock } = startEngine()
    const { session_id } = send('create_session', { client_id: 'desk' }).result
    const began = clock.now()
    for (let n = 1; n <= changes; n += 1) {
      const base = acknowledged === undefined ? {} : { acknowledged: { base_revision: n } }
      const call = { ...base, delivery_id: `d${n}` }
      for (;;) {
        const { waitMs } = send('update_session_state', { session_id, ...state({ n }) }, call)
        if (waitMs === 0) break
        clock.advance(waitMs)
      }
    }
    return clock.now() - began
  }

  it('is five times that of commands, and bounded', () => {
    expect(timeToDeliver(undefined)).toBe(190_100)
    expect(timeToDeliver({ base_revision: 1 })).toBe(30_000)
  })

  it('spends nothing of what the owner may ask meanwhile, and lends nothing to what only looks', () => {
    const { send } = startEngine()
    const { session_id } = send('create_session', { client_id: 'desk' }).result
    const answersTo = (command: string, parameters: object, call: Partial<Call> = {}) => {
      let answers = 0
      while (send(command, parameters, call).waitMs === 0) answers += 1
      return answers
    }
    const call = { acknowledged: { base_revision: 1 } }
    expect(answersTo('update_session_state', { session_id, ...state({ n: 1 }) }, call)).toBe(500)
    expect(answersTo('list_client_sessions', { client_id: 'desk' }, call)).toBe(99)
  })

  it.each([
    ['restore_session', {}],
    ['load_context', {}],
    ['revert_session', { revision: 1 }],
    ['switch_image_context', { from_image_id: '', to_image_id: 'x', dry_run: true }],
  ])('is not for %s, which no bridge acknowledges', (command, parameters) => {
    const { create, send } = startEngine()
    const asked = { session_id: create(), ...parameters }
    const call = { acknowledged: { base_revision: 1 } }
    let answers = 0
    while (send(command, asked, call).waitMs === 0) answers += 1
    expect(answers).toBe(99)
  })

  it.each([
    ['a session that was made active again', 'restore_session', { revive: true }],
    ['a lease that was renewed', 'renew_session', {}],
  ])('is for %s', (_, command, parameters) => {
    const { create, send } = startEngine()
    const asked = { session_id: create(), ...parameters }
    const call = { acknowledged: { base_revision: 1 } }
    let answers = 0
    while (send(command, asked, call).waitMs === 0) answers += 1
    expect(answers).toBe(500)
  })

  it('is for the owner alone: who is not the owner gets no more by saying that work was acknowledged', () => {
    const { send } = startEngine()
    const { session_id } = send('create_session', { client_id: 'desk' }).result
    const caller = { ...CALLER, subject: 'stranger' }
    const call = { caller, acknowledged: { base_revision: 1 } }
    let answers = 0
    while (send('update_session_state', { session_id, ...state({ n: 1 }) }, call).waitMs === 0) {
      answers += 1
    }
    expect(answers).toBe(20)
  })
})
