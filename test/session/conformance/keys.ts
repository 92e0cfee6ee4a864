// Idempotency keys: one effect for one request, however often it arrives.

import { describe, expect } from 'vitest'
import { cleanup } from '../../../src/session/cleanup.ts'
import { dump } from '../../support/engine-rows.ts'
import type { SendOptions } from '../../support/engine-send.ts'
import { CLIENT, create, stateText, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY, SECOND } from '../../support/fixed-clock.ts'

export function describeKeys(test: EngineTest): void {
  describe('An idempotency key', () => {
    test('gives the stored answer again, to the letter, and changes nothing', (host) => {
      const session_id = create(host)
      const change = { session_id, state_data: { n: 1 }, workspace_context: { w: 1 } }
      const first = host.done('update_session_state', change, { key: 'k1' })
      host.clock.advance(5 * SECOND)
      const before = dump(host.sql)
      const again = host.done('update_session_state', change, { key: 'k1', id: 'other' })
      expect(first.replayed).toBe(false)
      expect(again).toMatchObject({ replayed: true, text: first.text })
      expect(dump(host.sql)).toBe(before)
    })

    test('of one subject is not that of another', (host) => {
      const admin = { subject: 'boss', role: 'admin' } as const
      const asked = { client_id: CLIENT, image_id: 'pharo-12' }
      const session_id = create(host)
      host.done('close_session', { session_id }, { key: 'job-1', id: 'm' })
      const other = host.done('cleanup_image_sessions', asked, { key: 'job-1', ...admin })
      expect(other.replayed).toBe(false)
      const again = host.done('cleanup_image_sessions', asked, { key: 'job-1', ...admin })
      expect(again.replayed).toBe(true)
      const owners = host.refused('cleanup_image_sessions', asked, { key: 'job-1' })
      expect(owners.error_code).toBe('idempotency_conflict')
    })

    test('counts for more than the delivery that a bridge names', (host) => {
      const session_id = create(host)
      const change = { session_id, state_data: { n: 1 } }
      host.done('update_session_state', change, { key: 'k1', delivery: 'd' })
      const other = host.done('update_session_state', change, { key: 'k2', delivery: 'd' })
      expect(other.replayed).toBe(false)
      const again = { key: 'k1', delivery: 'e' }
      expect(host.done('update_session_state', change, again).replayed).toBe(true)
    })

    test('is needed for a dry run to be answered twice alike', (host) => {
      create(host, { image_id: 'pharo-12', timeout: 60 })
      const asked = { client_id: CLIENT, image_id: 'pharo-12', dry_run: true }
      const cleaned = (options: SendOptions) =>
        host.done('cleanup_image_sessions', asked, options).result.sessions_cleaned
      expect([cleaned({ id: 'm' }), cleaned({ key: 'k' })]).toEqual([0, 0])
      host.clock.advance(59 * SECOND)
      host.clock.advance(SECOND)
      expect([cleaned({ id: 'm' }), cleaned({ key: 'k' })]).toEqual([1, 0])
    })

    test('replays every command that changes something', (host) => {
      const created = host.done('create_session', { client_id: CLIENT }, { key: 'k1' })
      const { session_id } = created.result
      update(host, session_id, { n: 1 })
      const restored = host.done('restore_session', { session_id }, { key: 'k2' })
      const reverted = host.done('revert_session', { session_id, revision: 1 }, { key: 'k3' })
      const closed = host.done('close_session', { session_id }, { key: 'k4' })
      expect(host.done('create_session', { client_id: CLIENT }, { key: 'k1' }).text).toBe(
        created.text
      )
      expect(host.done('restore_session', { session_id }, { key: 'k2' }).text).toBe(restored.text)
      expect(host.done('revert_session', { session_id, revision: 1 }, { key: 'k3' }).text).toBe(
        reverted.text
      )
      expect(host.done('close_session', { session_id }, { key: 'k4' }).text).toBe(closed.text)
    })

    test('replays the state as it was answered, though it has changed since', (host) => {
      const session_id = create(host)
      const first = host.done('update_session_state', { session_id, state_data: { n: 1 } }, K)
      update(host, session_id, { n: 2 })
      expect(host.done('update_session_state', { session_id, state_data: { n: 1 } }, K).text).toBe(
        first.text
      )
      expect(stateText(host, session_id)).toBe('{"n":2}')
    })

    test(
      'says so when the answered revision is forgotten',
      (host) => {
        const session_id = create(host)
        host.done('update_session_state', { session_id, state_data: { n: 0 } }, K)
        for (let n = 1; n <= 4; n += 1) update(host, session_id, { n })
        const again = host.done('update_session_state', { session_id, state_data: { n: 0 } }, K)
        expect(again).toMatchObject({
          replayed: true,
          result: { revision: 2, session_state: { n: 4 } },
          warnings: ['The state shown is that of revision 6; 2 is no longer kept.'],
        })
      },
      { limits: { revisionsKept: 2 } }
    )

    test('does not depend on the order of parameters', (host) => {
      const session_id = create(host)
      host.done('update_session_state', { session_id, state_data: { n: 1 }, mode: 'replace' }, K)
      const other = { mode: 'replace', state_data: { n: 1 }, session_id }
      expect(host.done('update_session_state', other, K).replayed).toBe(true)
    })

    test('is refused with another request', (host) => {
      const session_id = create(host)
      host.done('update_session_state', { session_id, state_data: { n: 1 } }, K)
      for (const refused of [
        host.refused('update_session_state', { session_id, state_data: { n: 2 } }, K),
        host.refused('close_session', { session_id }, K),
      ]) {
        expect(refused).toMatchObject({
          error_code: 'idempotency_conflict',
          error_type: 'SessionError',
          http_status: 422,
        })
      }
    })

    test('is good for a day', (host) => {
      const session_id = create(host, { timeout: 86_400 })
      const change = { session_id, state_data: { n: 1 } }
      host.done('update_session_state', change, K)
      host.clock.advance(DAY - 1)
      cleanup(host.store, host.limits, host.clock.now())
      expect(host.done('update_session_state', change, K).replayed).toBe(true)
      host.clock.advance(1)
      host.done('restore_session', { session_id, revive: true })
      expect(host.done('update_session_state', change, K).replayed).toBe(false)
    })

    test(
      'is forgotten when as many newer ones are kept as may be',
      (host) => {
        const session_id = create(host)
        const change = (n: number) =>
          host.done('update_session_state', { session_id, state_data: { n } }, { key: `k${n}` })
        for (let n = 1; n <= FORGOTTEN_TOGETHER; n += 1) change(n)
        const replays = [-2, -1, 0, -3, -FORGOTTEN_TOGETHER + 1].map((back) =>
          change(FORGOTTEN_TOGETHER + back)
        )
        expect(replays.map(({ replayed }) => replayed)).toEqual([true, true, true, false, false])
      },
      { limits: { answersKept: 2 } }
    )

    test('of a refused command is free: the refusal is not stored', (host) => {
      const session_id = create(host)
      const change = { session_id, state_data: { n: 1 }, if_revision: 2 }
      host.refused('update_session_state', change, K)
      update(host, session_id, { n: 0 })
      expect(host.done('update_session_state', change, K)).toMatchObject({ replayed: false })
    })

    test('counts for more than the message id', (host) => {
      const message = { client_id: CLIENT }
      const first = host.done('create_session', message, { id: '1', key: 'k1' }).result
      const second = host.done('create_session', message, { id: '1', key: 'k2' }).result
      expect(second.session_id).not.toBe(first.session_id)
    })

    test('is not needed where a bridge names the delivery', (host) => {
      const session_id = create(host)
      const change = { session_id, state_data: { n: 1 } }
      host.done('update_session_state', change, { id: 'm', delivery: 'd' })
      update(host, session_id, { n: 2 })
      const again = { id: 'm', delivery: 'd' }
      expect(host.done('update_session_state', change, again).replayed).toBe(true)
      const admin = { subject: 'boss', role: 'admin' } as const
      const asked = { client_id: CLIENT, image_id: 'pharo-12' }
      expect(
        host.done('cleanup_image_sessions', asked, { id: 'm', delivery: 'd', ...admin }).replayed
      ).toBe(false)
      const owners = host.refused('cleanup_image_sessions', asked, again)
      expect(owners.error_code).toBe('idempotency_conflict')
    })

    test('is not needed by a delivery that took effect unheard, though the machine slept over a weekend', (host) => {
      const made = host.done('create_session', { client_id: CLIENT }, { id: 'c', delivery: 'c' })
      const { session_id } = made.result
      const change = { session_id, state_data: { n: 1 } }
      const named = { key: 'named', delivery: 'n' }
      host.done('update_session_state', change, { id: 'm', delivery: 'd' })
      host.done('update_session_state', change, named)
      host.clock.advance(3 * DAY)
      cleanup(host.store, host.limits, host.clock.now())
      const create = { client_id: CLIENT }
      const again = [
        host.done('create_session', create, { id: 'c', delivery: 'c' }),
        host.done('update_session_state', change, { id: 'm', delivery: 'd' }),
        host.done('update_session_state', change, named),
      ]
      expect(again.map(({ replayed }) => replayed)).toEqual([true, true, true])
      expect(again[0]?.result.session_id).toBe(session_id)
      // To whoever else uses the key, it is good for a day as ever.
      host.done('restore_session', { session_id, revive: true })
      const others = host.done('update_session_state', change, { ...named, delivery: 'o' })
      expect(others.replayed).toBe(false)
    })

    test('is not needed by a delivery for as long as sessions are kept, and no longer', (host) => {
      const create = () => host.done('create_session', { client_id: CLIENT }, { delivery: 'd' })
      create()
      host.clock.advance(host.limits.retentionMs - 1)
      cleanup(host.store, host.limits, host.clock.now())
      expect(create().replayed).toBe(true)
      host.clock.advance(1)
      expect(create().replayed).toBe(false)
    })

    test(
      'is forgotten before a delivery is, of which many more are kept, and not all',
      (host) => {
        const session_id = create(host)
        const deliver = (n: number) => {
          host.clock.advance(SECOND)
          const change = { session_id, state_data: { n } }
          return host.done('update_session_state', change, { delivery: `d${n}` })
        }
        const most = 3 * FORGOTTEN_TOGETHER
        for (let n = 1; n <= most; n += 1) deliver(n)
        const replays = [most - FORGOTTEN_TOGETHER, 2 * FORGOTTEN_TOGETHER, 1].map(deliver)
        expect(replays.map(({ replayed }) => replayed)).toEqual([true, true, false])
      },
      { limits: { answersKept: 2, deliveriesKept: 2 * FORGOTTEN_TOGETHER } }
    )

    test('means nothing to a command that changes nothing', (host) => {
      const session_id = create(host)
      host.done('get_session_info', { session_id }, K)
      update(host, session_id, { n: 1 })
      expect(host.done('get_session_info', { session_id }, K)).toMatchObject({
        replayed: false,
        result: { revision: 2 },
      })
    })
  })
}

const K = { key: 'k' } as const

/** Old answers go at every so many new ones. */
const FORGOTTEN_TOGETHER = 64
