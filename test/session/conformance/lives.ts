// The life of a session: active, expired, closed, revived, deleted.

import { describe, expect } from 'vitest'
import { cleanup } from '../../../src/session/cleanup.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { CLIENT, create, createSeveral, follow, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY, HOUR } from '../../support/fixed-clock.ts'

const NEEDS_ACTIVE = [
  ['restore_session', {}],
  ['update_session_state', { state_data: { a: 1 } }],
  ['revert_session', { revision: 1 }],
] as const

export function describeLives(test: EngineTest): void {
  describe('close_session', () => {
    test('says until when the session can be brought back', (host) => {
      const session_id = create(host)
      host.clock.advance(HOUR / 2)
      expect(host.done('close_session', { session_id, reason: 'done' }).result).toEqual({
        session_id,
        client_id: CLIENT,
        closed: true,
        closed_at: '2026-03-01T09:30:00.000Z',
        restorable_until: '2026-03-31T09:30:00.000Z',
      })
    })

    test('refuses to close a session twice', (host) => {
      const session_id = create(host)
      host.done('close_session', { session_id })
      const refused = host.refused('close_session', { session_id })
      expect(refused.error_code).toBe('session_closed')
    })

    test('closes an expired session', (host) => {
      const session_id = create(host)
      host.clock.advance(2 * HOUR)
      host.done('close_session', { session_id })
      expect(host.done('get_session_info', { session_id }).result).toMatchObject({
        status: 'closed',
        is_expired: false,
        is_active: false,
      })
    })

    test('does not find a session that nobody has', (host) => {
      create(host)
      expect(host.refused('close_session', { session_id: 'session_x' }).error_code).toBe(
        'session_not_found'
      )
    })
  })

  describe('A closed session', () => {
    for (const [command, parameters] of NEEDS_ACTIVE) {
      test(`refuses ${command} and can be revived`, (host) => {
        const session_id = create(host, { state_data: { kept: 1 } })
        host.done('close_session', { session_id })
        const refused = host.refused(command, { session_id, ...parameters })
        expect(refused).toMatchObject({
          error_code: 'session_closed',
          error_type: 'SessionNotFound',
          http_status: 410,
          details: {
            recoverable: true,
            closed_at: '2026-03-01T09:00:00.000Z',
            restorable_until: '2026-03-31T09:00:00.000Z',
          },
        })
        expect(follow(host, refused)).toMatchObject({
          ok: true,
          result: { is_active: true, session_state: { kept: 1 } },
        })
        expect(host.send(command, { session_id, ...parameters }).ok).toBe(true)
      })
    }
  })

  describe('An expired session', () => {
    for (const [command, parameters] of NEEDS_ACTIVE) {
      test(`refuses ${command} from the second its lease ends, and can be revived`, (host) => {
        const session_id = create(host, { state_data: { kept: 1 } })
        host.clock.advance(HOUR)
        const refused = host.refused(command, { session_id, ...parameters })
        expect(refused).toMatchObject({
          error_code: 'session_expired',
          error_type: 'SessionNotFound',
          http_status: 410,
          details: {
            recoverable: true,
            expired_at: '2026-03-01T10:00:00.000Z',
            restorable_until: '2026-03-31T09:00:00.000Z',
          },
        })
        expect(follow(host, refused)).toMatchObject({
          ok: true,
          result: { expires_at: '2026-03-01T11:00:00.000Z', session_state: { kept: 1 } },
        })
      })
    }

    test('is active until the last millisecond of its lease', (host) => {
      const session_id = create(host)
      host.clock.advance(HOUR - 1)
      expect(host.send('restore_session', { session_id }).ok).toBe(true)
    })

    test('is the same to a client before and after the cleanup', (host) => {
      const session_id = create(host)
      host.clock.advance(HOUR)
      const before = host.done('get_session_info', { session_id }).text
      cleanup(host.store, host.limits, host.clock.now())
      expect(host.done('get_session_info', { session_id }).text).toBe(before)
    })
  })

  describe('Revival', () => {
    test('is refused while five other sessions are active, until one is closed', (host) => {
      const closed = create(host, { state_data: { kept: 1 } })
      host.done('close_session', { session_id: closed })
      host.clock.advance(HOUR / 2)
      const [oldest] = createSeveral(host, 5)
      const revive = { session_id: closed, revive: true }
      const refused = host.refused('restore_session', revive)
      expect(refused).toMatchObject({
        error_code: 'session_limit_exceeded',
        details: { limit: 5, active: 5, oldest_session_id: oldest },
      })
      expect(follow(host, refused).ok).toBe(true)
      expect(host.done('restore_session', revive).result.session_state).toEqual({ kept: 1 })
    })

    test('of an active session is a plain restore', (host) => {
      const [session_id] = createSeveral(host, 5)
      expect(host.send('restore_session', { session_id, revive: true }).ok).toBe(true)
    })

    test('keeps the history', (host) => {
      const session_id = create(host)
      update(host, session_id, { n: 2 })
      host.done('close_session', { session_id })
      host.done('restore_session', { session_id, revive: true })
      const { revisions } = host.done('list_session_revisions', { session_id }).result
      expect(revisions.map(({ revision }) => revision)).toEqual([2, 1])
    })
  })

  describe('A deleted session', () => {
    test('is gone thirty days after its last activity, and not a millisecond before', (host) => {
      const session_id = create(host)
      host.clock.advance(30 * DAY - 1)
      cleanup(host.store, host.limits, host.clock.now())
      expect(host.send('get_session_info', { session_id }).ok).toBe(true)
      host.clock.advance(1)
      cleanup(host.store, host.limits, host.clock.now())
      for (const command of everyCommand(host, session_id)) {
        expect(command.error_code).toBe('session_not_found')
      }
    })
  })
}

function everyCommand(host: EngineHost, session_id: string) {
  return [
    host.refused('get_session_info', { session_id }),
    host.refused('list_session_revisions', { session_id }),
    host.refused('restore_session', { session_id, revive: true }),
    host.refused('update_session_state', { session_id, state_data: {} }),
    host.refused('revert_session', { session_id, revision: 1 }),
    host.refused('close_session', { session_id }),
  ]
}
