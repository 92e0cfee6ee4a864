// The chain of the audit log: every row that is changed, removed or put in is noticed.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { cleanup } from '../../../src/session/cleanup.ts'
import type { EngineHost } from '../../support/engine-host.ts'
import { auditLog, CLIENT, create } from '../../support/engine-sessions.ts'
import { auditRows, restoreRows, tamper, tampering } from '../../support/engine-tampering.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { DAY, SECOND } from '../../support/fixed-clock.ts'

export function describeAuditChain(test: EngineTest): void {
  describe('The chain of the audit log', () => {
    test('can be verified by whoever has nothing but the answer', (host) => {
      for (let n = 0; n < 3; n += 1) event(host)
      const { entries, head_hash } = read(host)
      let previous = ''
      for (const { hash, ...entry } of entries) {
        expect(entry.previous_hash).toBe(previous)
        const values = Object.values({ ...entry, at: Date.parse(entry.at) })
        expect(sha256(values)).toBe(hash)
        previous = hash
      }
      expect(previous).toBe(head_hash)
    })

    test(
      'shows every row that was changed, removed or put in, and where',
      (host) => {
        host.clock.advance(SECOND)
        for (let n = 0; n < 4; n += 1) event(host)
        forgetSome(host)
        const rows = auditRows(host.sql)
        const [client] = host.sql.exec('SELECT * FROM client')
        const property = fc.property(tampering, (what) => {
          const first = tamper(host.sql, rows, what)
          const { chain_ok, broken_at } = read(host)
          const seen = { chain_ok, broken_at }
          restoreRows(host.sql, rows)
          expect(seen).toEqual(
            first === undefined ? { chain_ok: true } : { chain_ok: false, broken_at: first }
          )
        })
        fc.assert(property, { seed: 1, numRuns: 400 })
        expect(host.sql.exec('SELECT * FROM client')).toEqual([client])
        expect(read(host).chain_ok).toBe(true)
      },
      { limits: { commands: { perMinute: 1, burst: 1e9 } } }
    )

    test('is whole where an address was cut through a character', (host) => {
      host.done('create_session', { client_id: CLIENT }, { from: 'x\ud83d' })
      const { entries, chain_ok } = read(host)
      expect(entries[0]?.address).toBe('x\ufffd')
      expect(chain_ok).toBe(true)
    })

    for (const end of ['audit_head', 'audit_anchor', 'audit_sequence', 'audit_forgotten']) {
      test(`shows that its end was changed: ${end}`, (host) => {
        for (let n = 0; n < 3; n += 1) event(host)
        forgetSome(host)
        host.sql.exec(`UPDATE client SET ${end} = ${end} || '1'`)
        expect(read(host).chain_ok).toBe(false)
      })
    }

    test('shows a row that was put behind the newest, however well it was made', (host) => {
      event(host)
      const { entries, head_hash } = read(host)
      const sequence = entries.length
      const at = host.clock.now()
      const values = [sequence + 1, at, 'local', 'session_closed', '', '', 'success', {}, 1]
      const hash = sha256([...values, head_hash])
      host.sql.exec(
        `INSERT INTO audit SELECT sequence + 1, at, actor, action, '', '', 'success', '{}', 1, hash, ?
         FROM audit WHERE sequence = ?`,
        hash,
        sequence
      )
      expect(read(host)).toMatchObject({ chain_ok: false, broken_at: sequence + 1 })
    })

    test('shows that everything was removed', (host) => {
      event(host)
      host.sql.exec('DELETE FROM audit')
      expect(read(host)).toMatchObject({ entries: [], chain_ok: false, broken_at: 1 })
    })

    test('stays broken when rows are added to it', (host) => {
      event(host)
      host.sql.exec("UPDATE audit SET actor = 'somebody' WHERE sequence = 2")
      event(host)
      expect(read(host)).toMatchObject({ chain_ok: false, broken_at: 2 })
    })
  })

  describe('The oldest rows of the audit log', () => {
    test('are forgotten thirty days after they were written, and the rest is still whole', (host) => {
      event(host)
      host.clock.advance(DAY)
      event(host)
      host.clock.advance(29 * DAY - 6 * SECOND - 1)
      clean(host)
      expect(auditLog(host)[0]?.sequence).toBe(1)
      host.clock.advance(1)
      clean(host)
      const { entries, chain_ok } = read(host)
      expect(entries[0]).toMatchObject({ sequence: 4, action: 'session_created' })
      expect(chain_ok).toBe(true)
    })

    test(
      'make room for new ones',
      (host) => {
        for (let n = 0; n < 12; n += 1) {
          event(host)
          const { total_kept, chain_ok } = read(host)
          expect(total_kept).toBeLessThanOrEqual(10)
          expect(chain_ok).toBe(true)
        }
        const { entries, total_kept } = read(host)
        expect(total_kept).toBeGreaterThanOrEqual(9)
        expect(entries.at(-1)?.sequence).toBe(25)
      },
      { limits: { auditKept: 10 } }
    )

    test('that were all forgotten leave a chain that is whole and goes on', (host) => {
      event(host)
      host.clock.advance(31 * DAY)
      clean(host)
      const { head_hash } = read(host)
      host.clock.advance(31 * DAY)
      clean(host)
      expect(read(host)).toMatchObject({ total_kept: 0, head_hash, chain_ok: true })
      create(host)
      expect(read(host)).toMatchObject({
        entries: [{ sequence: 5, action: 'session_created', previous_hash: head_hash }],
        chain_ok: true,
      })
    })
  })
}

/** A session that is created and closed: two rows, and for the first one who owns the client. */
function event(host: EngineHost): void {
  host.clock.advance(6 * SECOND)
  host.done('close_session', { session_id: create(host) })
}

/** Makes the chain begin after its first row. */
function forgetSome(host: EngineHost): void {
  const full = host.reopen({ limits: { auditKept: auditRows(host.sql).length } })
  full.done('create_session', LOG)
  expect(auditRows(host.sql)[0]?.sequence).toBeGreaterThan(1)
}

const LOG = { client_id: CLIENT }

function sha256(values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex')
}

function read(host: EngineHost) {
  return host.done('get_audit_log', LOG).result
}

function clean(host: EngineHost) {
  return cleanup(host.store, host.limits, host.clock.now())
}
