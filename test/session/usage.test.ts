// The sums that are told of a session's use; what commands make of them is in conformance/using.ts.

import { describe, expect, it } from 'vitest'
import { asRestore, asUpdate, asUse, UNUSED, usageOf } from '../../src/session/usage.ts'
import type { SessionRow } from '../../src/storage/sessions.ts'
import { openStore } from '../../src/storage/store.ts'
import { engineHost } from '../support/engine-host.ts'
import { create } from '../support/engine-sessions.ts'
import { HOUR, MINUTE, SECOND, START } from '../support/fixed-clock.ts'
import { openNodeSql } from '../support/node-sql.ts'

/** A session of an hour's lease that was used last at `START`. */
function session(columns: Partial<SessionRow> = {}): SessionRow {
  using sql = openNodeSql()
  const session_id = create(engineHost(sql))
  const row = openStore(sql, START).sessions.find(session_id)
  if (row === undefined) throw new Error('no such session')
  return { ...row, ...UNUSED, ...columns }
}

const activeMs = (row: SessionRow, last_activity: number) =>
  asUse(row, { last_activity }, 'renew_session').active_ms

describe('the time in which a session was used', () => {
  it('is what lies between two uses', () => {
    expect(activeMs(session(), START + 7)).toBe(7)
    expect(activeMs(session({ active_ms: 30 }), START + SECOND)).toBe(1030)
  })

  it('has no pauses in it: a gap of more than five minutes adds nothing', () => {
    expect(activeMs(session(), START + 5 * MINUTE)).toBe(5 * MINUTE)
    expect(activeMs(session(), START + 5 * MINUTE + 1)).toBe(0)
  })

  it('never shrinks where the clock goes back', () => {
    expect(activeMs(session({ active_ms: 30 }), START - HOUR)).toBe(30)
  })

  it('is not that in which the session was over', () => {
    expect(activeMs(session({ status: 'closed' }), START + SECOND)).toBe(0)
    expect(activeMs(session({ expires_at: START + SECOND }), START + SECOND)).toBe(0)
    expect(activeMs(session({ expires_at: START + SECOND + 1 }), START + SECOND)).toBe(SECOND)
  })

  it('does not begin anew with a change that is no use', () => {
    expect(asUse(session({ active_ms: 30 }), { name: 'parser' }, 'renew_session').active_ms).toBe(
      30
    )
  })

  it('is told in whole seconds, and short gaps are not lost', () => {
    expect(usageOf(session({ active_ms: 3 * 999 })).active_seconds).toBe(2)
  })
})

describe('what is counted of a session', () => {
  const most = Number.MAX_SAFE_INTEGER

  it('stays at the largest exact number once it is there', () => {
    const full = session({
      updates: most,
      restores: most,
      bytes_written: most - 1,
      active_ms: most,
    })
    const later = { last_activity: START + SECOND }
    expect(asRestore(full, later, 'restore_session')).toMatchObject({ restores: most })
    expect(asUpdate(full, later, { command: 'save_context', bytes: 2 })).toEqual({
      ...later,
      updates: most,
      bytes_written: most,
      active_ms: most,
      last_command: 'save_context',
    })
  })
})
