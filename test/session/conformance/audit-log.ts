// get_audit_log: what the owner is shown, page by page.

import { describe, expect } from 'vitest'
import type { EngineHost } from '../../support/engine-host.ts'
import { dump } from '../../support/engine-rows.ts'
import { auditLog, CLIENT, create } from '../../support/engine-sessions.ts'
import type { EngineTest } from '../../support/engine-test.ts'
import { SECOND } from '../../support/fixed-clock.ts'

export function describeAuditLog(test: EngineTest): void {
  describe('get_audit_log', () => {
    test('writes nothing, not even after its answer', (host) => {
      create(host)
      const before = dump(host.sql)
      auditLog(host)
      host.afterAnswer()
      expect(dump(host.sql)).toBe(before)
    })

    test('pages from the oldest to the newest, and then tells what is new', (host) => {
      for (let n = 0; n < 3; n += 1) close(host)
      const sequences: number[] = []
      let after = 0
      for (let page = 0; page < 4; page += 1) {
        const { entries, next_after, total_kept } = read(host, { after, limit: 3 })
        sequences.push(...entries.map(({ sequence }) => sequence))
        expect(total_kept).toBe(7)
        after = next_after
      }
      expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 7])
      close(host)
      expect(read(host, { after }).entries.map(({ action }) => action)).toEqual([
        'session_created',
        'session_closed',
      ])
    })

    test('of a client that nobody knows is empty and whole', (host) => {
      expect(read(host)).toEqual({
        client_id: CLIENT,
        entries: [],
        next_after: 0,
        total_kept: 0,
        head_hash: '',
        chain_ok: true,
      })
    })
  })
}

/** Creates a session and closes it. */
function close(host: EngineHost): void {
  host.clock.advance(6 * SECOND)
  host.done('close_session', { session_id: create(host) })
}

function read(host: EngineHost, parameters: object = {}) {
  return host.done('get_audit_log', { client_id: CLIENT, ...parameters }).result
}
