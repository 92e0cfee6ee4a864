// The audit log: what becomes a row, and what does not.

import { describe, expect } from 'vitest'
import { cleanup } from '../../../src/session/cleanup.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump } from '../../support/engine-rows.ts'
import type { SendOptions } from '../../support/engine-send.ts'
import { auditLog, CLIENT, create, update } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { HOUR, MINUTE, SECOND, START } from '../../support/fixed-clock.ts'

export function describeAudit(test: EngineTest): void {
  describe('The audit log', () => {
    test('begins with whose client it is, and tells who did what, when and from where', (host) => {
      const from = '203.0.113.7'
      const made = host.done('create_session', { client_id: CLIENT }, { from, subject: 'user-1' })
      const { session_id } = made.result
      const row = { at: '2026-03-01T09:00:00.000Z', actor: 'user-1', address: from, times: 1 }
      expect(auditLog(host, { subject: 'user-1' })).toMatchObject([
        {
          ...row,
          sequence: 1,
          action: 'ownership',
          session_id: '',
          detail: { team: 'local', client_id: CLIENT },
        },
        { ...row, sequence: 2, action: 'session_created', session_id, detail: {} },
      ])
    })

    test('has a row for every event in the life of a session, in its order', (host) => {
      const session_id = create(host)
      update(host, session_id, { n: 1 })
      host.done('revert_session', { session_id, revision: 1 })
      host.clock.advance(MINUTE)
      host.done('restore_session', { session_id })
      host.done('close_session', { session_id, reason: 'a reason for people' })
      host.done('restore_session', { client_id: CLIENT, latest: true, revive: true })
      host.clock.advance(2 * HOUR)
      cleanup(host.store, host.limits, host.clock.now())
      const rows = auditLog(host).slice(1)
      expect(rows.map(({ action, detail }) => [action, detail])).toEqual([
        ['session_created', {}],
        ['session_reverted', { reverted_to: 1 }],
        ['session_restored', {}],
        ['session_closed', {}],
        ['session_revived', {}],
        ['cleanup', { expired: 1, deleted: 0 }],
      ])
      expect(rows.slice(0, -1).map((row) => row.session_id)).toEqual(Array(5).fill(session_id))
      expect(rows.at(-1)).toMatchObject({ actor: 'service', session_id: '' })
    })

    test('tells of a copy that a lost change was kept in, and of which session it is', (host) => {
      const session_id = create(host)
      const lost = { session_id, state_data: { n: 1 }, if_revision: 7, on_conflict: 'copy' }
      const copy = host.done('update_session_state', lost).result
      expect(auditLog(host).at(-1)).toMatchObject({
        action: 'session_created',
        session_id: copy.session_id,
        detail: { copy_of: session_id, status: 'active' },
      })
    })

    test('has a row for each export, which no restart loses', (host) => {
      const sessions = [create(host), create(host)]
      for (const session_id of sessions) host.done('export_session', { session_id })
      const told = auditLog(host.reopen()).filter(({ action }) => action === 'session_exported')
      expect(told.map(({ session_id, times }) => [session_id, times])).toEqual(
        sessions.map((session_id) => [session_id, 1])
      )
    })

    test(
      'has so many rows for exports in a day, and then shares them',
      (host) => {
        const session_id = create(host)
        for (let n = 0; n < 9; n += 1) host.done('export_session', { session_id })
        host.afterAnswer()
        const told = auditLog(host).filter(({ action }) => action === 'session_exported')
        expect(told.map(({ times }) => times)).toEqual([1, 1, 1, 6])
      },
      { limits: { exportsADay: 3 } }
    )

    test('has no row for work on a state, nor for a repeated request', (host) => {
      const session_id = create(host)
      host.done('close_session', { session_id: create(host) }, { key: 'k' })
      const before = auditLog(host)
      update(host, session_id, { n: 1 })
      host.done('close_session', { session_id: before.at(-1)?.session_id }, { key: 'k' })
      expect(auditLog(host)).toEqual(before)
    })

    test('is written only by a restore that writes anyway', (host) => {
      const session_id = create(host)
      host.clock.advance(MINUTE - 1)
      const before = dump(host.sql)
      host.done('restore_session', { session_id })
      host.afterAnswer()
      expect(dump(host.sql)).toBe(before)
      host.clock.advance(1)
      host.done('restore_session', { session_id })
      expect(auditLog(host).at(-1)?.action).toBe('session_restored')
    })

    test('has no row for what was rolled back, and nothing is done whose row cannot be written', (host) => {
      const session_id = create(host)
      const before = dump(host.sql)
      const failing = host.reopen({
        wrapStore: (store) => ({
          ...store,
          audit: {
            ...store.audit,
            insert: () => {
              throw new Error('disk is full')
            },
          },
        }),
      })
      expect(failing.refused('close_session', { session_id }).error_code).toBe('internal_error')
      expect(dump(host.sql)).toBe(before)
    })

    test('holds no state, no names and no reasons of people', (host) => {
      const secret = 'private-words'
      const session_id = create(host, { name: secret, state_data: { secret } })
      update(host, session_id, { secret: 'private-words too' })
      host.done('close_session', { session_id, reason: secret })
      host.refused('update_session_state', { session_id, state_data: { secret } })
      host.afterAnswer()
      expect(auditLog(host)).toHaveLength(4)
      expect(JSON.stringify(host.sql.exec('SELECT * FROM audit'))).not.toContain(secret)
    })

    test('tells that another token was used: its tier and its end, once for each', (host) => {
      const first = { tier: 'free', token_expires_at: START + HOUR }
      const second = { tier: 'pro', token_expires_at: START + 2 * HOUR }
      for (const token of [first, first, second]) close(host, token)
      const told = auditLog(host).filter(({ action }) => action === 'token')
      expect(told.map(({ detail }) => detail)).toEqual([
        { tier: 'free', expires_at: '2026-03-01T10:00:00.000Z' },
        { tier: 'pro', expires_at: '2026-03-01T11:00:00.000Z' },
      ])
    })
  })
}

/** Creates a session and closes it. */
function close(host: EngineHost, caller: SendOptions): void {
  host.clock.advance(6 * SECOND)
  const made = host.done('create_session', { client_id: CLIENT }, caller)
  host.done('close_session', { session_id: made.result.session_id }, caller)
}
