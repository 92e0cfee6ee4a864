// What renews a lease.

import { describe, expect } from 'vitest'
import type { ClientCommand } from '../../../src/session/context.ts'
import { dump } from '../../support/engine-rows.ts'
import { CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { MINUTE } from '../../support/fixed-clock.ts'

const AT_FIRST = '2026-03-01T10:00:00.000Z'
const RENEWED = '2026-03-01T10:10:00.000Z'

const CASES: readonly (readonly [ClientCommand, object, 'renews' | 'does not renew'])[] = [
  ['restore_session', {}, 'renews'],
  ['restore_session', { revision: 1 }, 'renews'],
  ['renew_session', {}, 'renews'],
  ['update_session_state', { state_data: { a: 1 } }, 'renews'],
  ['update_session_state', { state_data: { a: 0 } }, 'renews'],
  ['revert_session', { revision: 1 }, 'renews'],
  ['save_context', { components: { session_state: { a: 0 } } }, 'renews'],
  ['load_context', {}, 'renews'],
  ['clear_context', {}, 'renews'],
  ['get_session_info', {}, 'does not renew'],
  ['get_context_summary', {}, 'does not renew'],
  ['diff_session_revisions', { from_revision: 1 }, 'does not renew'],
  ['list_session_revisions', {}, 'does not renew'],
]

export function describeLeases(test: EngineTest): void {
  describe('The lease of a session', () => {
    for (const [command, parameters, verb] of CASES) {
      test(`${command} ${JSON.stringify(parameters)} ${verb} it`, (host) => {
        const session_id = create(host, { state_data: { a: 0 } })
        host.clock.advance(10 * MINUTE)
        host.done(command, { session_id, ...parameters })
        expect(host.done('get_session_info', { session_id }).result.expires_at).toBe(
          verb === 'renews' ? RENEWED : AT_FIRST
        )
      })
    }

    test('is not written again by a restore while less than a sixtieth of it has passed', (host) => {
      const session_id = create(host)
      host.clock.advance(MINUTE - 1)
      const before = dump(host.sql)
      const restored = host.done('restore_session', { session_id }).result
      expect(restored.expires_at).toBe(AT_FIRST)
      expect(dump(host.sql)).toBe(before)
      host.clock.advance(1)
      expect(host.done('restore_session', { session_id }).result.expires_at).not.toBe(AT_FIRST)
    })

    test('is renewed by a restore whenever another session was used since', (host) => {
      const first = create(host)
      host.clock.advance(1000)
      create(host)
      host.clock.advance(1000)
      host.done('restore_session', { session_id: first })
      const asked = { client_id: CLIENT, latest: true }
      expect(host.done('restore_session', asked).result.session_id).toBe(first)
    })

    test('list_client_sessions does not renew it', (host) => {
      const session_id = create(host)
      host.clock.advance(10 * MINUTE)
      host.done('list_client_sessions', { client_id: CLIENT })
      expect(host.done('get_session_info', { session_id }).result.expires_at).toBe(AT_FIRST)
    })

    test('a refused command does not renew it', (host) => {
      const session_id = create(host)
      host.clock.advance(10 * MINUTE)
      host.refused('update_session_state', { session_id, state_data: {}, if_revision: 7 })
      host.refused('restore_session', { session_id, revision: 7 })
      expect(host.done('get_session_info', { session_id }).result.expires_at).toBe(AT_FIRST)
    })
  })
}
