// Refusals, and what strangers and admins ask for: noted, and written only after the answer.

import { describe, expect } from 'vitest'
import { dump, tables } from '../../support/engine-rows.ts'
import { auditLog, CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../support/fixed-clock.ts'

const STRANGER = { subject: 'stranger' }
const ADMIN = { subject: 'boss', role: 'admin' } as const
const LOG = { client_id: CLIENT }

export function describeAuditedRefusals(test: EngineTest): void {
  describe('A refusal', () => {
    test('is written after the answer, with its code and its command', (host) => {
      const session_id = create(host)
      const before = dump(host.sql)
      host.refused('restore_session', { session_id, revision: 9 }, { from: '203.0.113.7' })
      expect(dump(host.sql)).toBe(before)
      host.afterAnswer()
      expect(auditLog(host).at(-1)).toMatchObject({
        actor: 'local',
        action: 'refused',
        session_id,
        address: '203.0.113.7',
        outcome: 'invalid_parameter',
        detail: { command: 'restore_session' },
        times: 1,
      })
    })

    test('of a command that only reads is no event for the owner', (host) => {
      create(host)
      host.refused('get_session_info', { session_id: 'session_x' })
      host.afterAnswer()
      expect(auditLog(host)).toHaveLength(2)
    })

    test(
      'for want of patience is one, too',
      (host) => {
        const session_id = create(host)
        host.refused('close_session', { session_id })
        host.afterAnswer()
        host.clock.advance(SECOND)
        expect(auditLog(host).at(-1)).toMatchObject({ outcome: 'rate_limited' })
      },
      { limits: { commands: { perMinute: 60, burst: 1 } } }
    )

    test('shares a row with its like for a minute, which says how often', (host) => {
      const session_id = create(host)
      const again = () => host.refused('close_session', { session_id }, STRANGER)
      again()
      expect(host.afterAnswer()).toBeUndefined()
      for (let n = 0; n < 5; n += 1) again()
      const dueAt = host.afterAnswer()
      expect(dueAt).toBe(host.clock.now() + MINUTE)
      expect(auditLog(host).map(({ times }) => times)).toEqual([1, 1, 1])
      host.clock.advance(MINUTE)
      host.afterAnswer()
      expect(auditLog(host).at(-1)).toMatchObject({ actor: 'stranger', session_id, times: 5 })
    })

    test('leaves no trace where nobody has created a session', (host) => {
      host.refused('close_session', { session_id: 'session_x' })
      host.refused('create_session', { client_id: CLIENT, session_id: 'session_x' })
      host.afterAnswer()
      expect(tables(host.sql)).toEqual([])
    })

    test('from many who must not be here takes a few rows a minute', (host) => {
      const session_id = create(host)
      for (let n = 0; n < 90; n += 1) {
        host.refused('close_session', { session_id }, { subject: `user-${n}`, from: `net-${n}` })
        host.afterAnswer()
      }
      host.clock.advance(MINUTE)
      host.afterAnswer()
      const told = auditLog(host).filter(({ action }) => action === 'refused')
      expect(told).toHaveLength(10)
      expect(told.reduce((sum, { times }) => sum + times, 0)).toBe(90)
      expect(told.at(-1)).toMatchObject({ actor: '*', address: '*', outcome: 'session_not_found' })
    })

    test(
      'takes so many rows a day and no more, so that nothing else is flooded away',
      (host) => {
        const session_id = create(host)
        const flood = (minutes: number) => {
          for (let n = 0; n < minutes; n += 1) {
            host.clock.advance(MINUTE)
            host.refused('close_session', { session_id }, STRANGER)
            host.afterAnswer()
          }
        }
        flood(10)
        expect(auditLog(host)).toHaveLength(2 + 4)
        host.clock.advance(DAY)
        flood(1)
        expect(auditLog(host).at(-1)).toMatchObject({ action: 'refused', times: 7 })
      },
      { limits: { refusalsADay: 4 } }
    )
  })

  describe('A stranger', () => {
    test('is noted whatever was asked for, and where the team is another one, that too', (host) => {
      const session_id = create(host)
      host.refused('get_session_info', { session_id }, { team: 'other', subject: 'olga' })
      host.done('list_client_sessions', LOG, STRANGER)
      host.afterAnswer()
      expect(auditLog(host).slice(2)).toMatchObject([
        {
          actor: 'olga',
          outcome: 'session_not_found',
          detail: { command: 'get_session_info', team: 'other' },
        },
        {
          actor: 'stranger',
          outcome: 'client_not_allowed',
          detail: { command: 'list_client_sessions' },
        },
      ])
    })

    test('is told of the log what is told of one that is not there', (host) => {
      const nothing = host.done('get_audit_log', LOG, STRANGER).text
      create(host)
      for (const caller of [STRANGER, { ...ADMIN, team: 'other' }, { ...ADMIN, client_ids: ['x'] }])
        expect(host.done('get_audit_log', LOG, caller).text).toBe(nothing)
    })
  })

  describe('An admin of the team', () => {
    test('reads the log of every client, and is noted in it', (host) => {
      create(host)
      const seen = host.done('get_audit_log', LOG, ADMIN)
      expect(seen.result.entries).toHaveLength(2)
      expect(seen.client_id).toBe(CLIENT)
      host.afterAnswer()
      expect(auditLog(host).at(-1)).toMatchObject({
        actor: 'boss',
        action: 'read_by_admin',
        outcome: 'success',
        detail: { command: 'get_audit_log' },
      })
    })

    test('cannot push out what was done, however often a cleanup only looks', (host) => {
      const session_id = create(host)
      const asked = { client_id: CLIENT, image_id: 'pharo-12', dry_run: true }
      host.done('close_session', { session_id })
      for (let n = 0; n < 10_000; n += 1) {
        host.clock.advance(4 * MINUTE)
        host.done('cleanup_image_sessions', { ...asked, dry_run: n % 2 === 0 }, ADMIN)
        if (n % 100 === 0) host.done('get_audit_log', LOG, ADMIN)
        host.afterAnswer()
      }
      const actions = auditLog(host).map(({ action }) => action)
      expect(actions.slice(0, 3)).toEqual(['ownership', 'session_created', 'session_closed'])
      const { total_kept, chain_ok } = host.done('get_audit_log', LOG).result
      expect(total_kept).toBeLessThan(2 * 10 * 29)
      expect(chain_ok).toBe(true)
    })

    test('is noted for a cleanup that closed nothing, after its answer', (host) => {
      create(host)
      const asked = { client_id: CLIENT, image_id: 'pharo-12' }
      const before = dump(host.sql)
      host.done('cleanup_image_sessions', { ...asked, dry_run: true }, ADMIN)
      expect(dump(host.sql)).toBe(before)
      host.afterAnswer()
      expect(auditLog(host).at(-1)).toMatchObject({
        actor: 'boss',
        action: 'image_looked_over',
        detail: { image_id: 'pharo-12', dry_run: true },
      })
    })

    test('is a stranger to every other command', (host) => {
      const session_id = create(host)
      host.clock.advance(SECOND)
      expect(host.refused('restore_session', { session_id }, ADMIN).error_code).toBe(
        'session_not_found'
      )
      expect(host.done('list_client_sessions', LOG, ADMIN).result.session_count).toBe(0)
      expect(host.refused('create_session', LOG, ADMIN).error_code).toBe('client_not_allowed')
      host.clock.advance(HOUR)
      host.afterAnswer()
      expect(auditLog(host).filter(({ action }) => action === 'refused')).toHaveLength(3)
    })
  })
}
