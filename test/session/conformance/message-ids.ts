// Message ids: a retry is recognised, another command never swallowed.

import { describe, expect } from 'vitest'
import { CLIENT, create, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY, SECOND } from '../../support/fixed-clock.ts'

const UUID = '0190a6b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b'
const ULID = '01J4ZQ8W9X0Y1Z2A3B4C5D6E7F'

export function describeMessageIds(test: EngineTest): void {
  describe('A message id', () => {
    test('with the same content is a repetition while it is the newest command', (host) => {
      const first = host.done('create_session', { client_id: CLIENT }, { id: 'create-001' })
      host.clock.advance(60 * SECOND - 1)
      const again = host.done('create_session', { client_id: CLIENT }, { id: 'create-001' })
      expect(again).toMatchObject({ replayed: true, text: first.text })
    })

    test('is of its caller: what an admin does meanwhile makes no second session of a repetition', (host) => {
      const admin = { subject: 'boss', role: 'admin' } as const
      const old = create(host)
      const asked = { client_id: CLIENT }
      const first = host.done('create_session', asked, { id: 1 })
      const closed = host.done('close_session', { session_id: old }, { ...admin, id: 1 })
      host.done('renew_session', { session_id: old, revive: true }, { ...admin, key: 'k' })
      expect(host.done('create_session', asked, { id: 1 })).toMatchObject({
        ...{ replayed: true, text: first.text },
      })
      host.done('close_session', { session_id: old }, { ...admin, id: 2 })
      const again = host.done('close_session', { session_id: old }, { ...admin, id: 2 })
      expect(again.replayed).toBe(true)
      expect(closed.replayed).toBe(false)
    })

    test('is no repetition a minute later', (host) => {
      host.done('create_session', { client_id: CLIENT }, { id: 'create-001' })
      host.clock.advance(60 * SECOND)
      const second = host.done('create_session', { client_id: CLIENT }, { id: 'create-001' })
      expect(second.replayed).toBe(false)
    })

    test('with other content is another command', (host) => {
      const session_id = create(host)
      for (const n of [1, 2]) {
        const change = { session_id, state_data: { n } }
        expect(host.done('update_session_state', change, { id: 7 }).replayed).toBe(false)
      }
    })

    test('never swallows the third of three updates A, B, A', (host) => {
      const session_id = create(host)
      for (const n of [1, 2, 1]) {
        host.done('update_session_state', { session_id, state_data: { n } }, { id: 'update-001' })
      }
      expect(host.done('restore_session', { session_id }).result).toMatchObject({
        session_state: { n: 1 },
        revision: 4,
      })
    })

    test('that is absent never makes a repetition', (host) => {
      create(host)
      create(host)
      const { session_count } = host.done('list_client_sessions', { client_id: CLIENT }).result
      expect(session_count).toBe(2)
    })

    for (const [kind, id] of [
      ['UUID', UUID],
      ['ULID', ULID],
    ] as const) {
      test(`that is a ${kind} is as good as a key`, (host) => {
        const session_id = create(host, { timeout: 86_400 })
        const change = { session_id, state_data: { n: 1 } }
        host.done('update_session_state', change, { id })
        update(host, session_id, { n: 2 })
        host.clock.advance(DAY - 1)
        expect(host.done('update_session_state', change, { id }).replayed).toBe(true)
        expect(stateText(host, session_id)).toBe('{"n":2}')
      })

      test(`that is a ${kind} counts for more than the delivery that a bridge names`, (host) => {
        const session_id = create(host)
        const change = { session_id, state_data: { n: 1 } }
        host.done('update_session_state', change, { id, delivery: 'before its restart' })
        update(host, session_id, { n: 2 })
        const again = { id, delivery: 'after its restart' }
        expect(host.done('update_session_state', change, again).replayed).toBe(true)
        expect(stateText(host, session_id)).toBe('{"n":2}')
      })
    }
  })
}
