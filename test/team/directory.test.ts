// The directory of a team: reports in, sums out.

import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/session/limits.ts'
import { createDirectory } from '../../src/team/directory.ts'
import { openDirectoryStore } from '../../src/team/directory-store.ts'
import type { SessionSummary } from '../../src/team/report.ts'
import { dump, tables } from '../support/engine-rows.ts'
import { DAY, fixedClock, MINUTE } from '../support/fixed-clock.ts'
import { openNodeSql } from '../support/node-sql.ts'
import { summaryOf } from '../support/summary.ts'

function scene() {
  const clock = fixedClock()
  const sql = openNodeSql()
  const store = openDirectoryStore(sql, clock.now())
  const directory = createDirectory({ store, clock, limits: DEFAULT_LIMITS })
  return {
    clock,
    sql,
    tell: (client_id: string, ...sessions: SessionSummary[]) =>
      directory.report({ client_id, owner: client_id, sessions }),
    statistics: () => {
      const { outcome } = directory.execute(call('get_session_statistics'))
      if (!outcome.ok) throw new Error(outcome.failure.reason)
      return JSON.parse(outcome.value) as Record<string, unknown>
    },
    directory,
  }
}

const call = (command: string) => ({
  command,
  parameters: {},
  caller: { team: 'local', subject: 'local', client_ids: [] },
})

const summary = summaryOf

describe('The directory of a team', () => {
  it('that heard of nobody counts nothing, stores nothing, and says as of now', () => {
    const { sql, statistics, clock } = scene()
    clock.advance(MINUTE)
    expect(statistics()).toEqual({
      total_sessions: 0,
      active_clients: 0,
      max_sessions_per_client: 5,
      default_timeout: 3600,
      cleanup_interval: 300,
      active_sessions: 0,
      expired_sessions: 0,
      closed_sessions: 0,
      orphaned_sessions: 0,
      images: 0,
      total_bytes: 0,
      cleaned: { expired: 0, deleted: 0, closed: 0, orphaned: 0 },
      as_of: '2026-03-01T09:01:00.000Z',
    })
    expect(tables(sql)).toEqual([])
  })

  it('sums what its clients have told, and says when it heard the last', () => {
    const { tell, statistics, clock } = scene()
    tell(
      'ann',
      summary('1', { image_id: 'pharo' }),
      summary('2', { status: 'expired', image_id: 'x' })
    )
    clock.advance(MINUTE)
    tell('bob', summary('3', { image_id: 'pharo' }), summary('4', { image_id: 'squeak', bytes: 5 }))
    tell('eve', summary('5', { status: 'closed' }))
    clock.advance(MINUTE)
    expect(statistics()).toMatchObject({
      total_sessions: 5,
      active_sessions: 3,
      expired_sessions: 1,
      closed_sessions: 1,
      active_clients: 2,
      images: 2,
      total_bytes: 45,
      as_of: '2026-03-01T09:01:00.000Z',
    })
  })

  it('is not harmed by a report that arrives twice', () => {
    const { tell, sql } = scene()
    tell('ann', summary('1'), summary('2', { status: 'closed' }))
    const once = dump(sql)
    tell('ann', summary('1'), summary('2', { status: 'closed' }))
    expect(dump(sql)).toBe(once)
  })

  it('keeps the newer of two reports, whichever arrives last', () => {
    const { tell, statistics } = scene()
    tell('ann', summary('1', { status: 'closed', sequence: 2, bytes: 7 }))
    tell('ann', summary('1', { status: 'active', sequence: 1 }))
    expect(statistics()).toMatchObject({ active_sessions: 0, closed_sessions: 1, total_bytes: 7 })
  })

  it('does not bring a deleted session back for a report that was late', () => {
    const { tell, statistics, clock } = scene()
    tell('ann', summary('1', { sequence: 1 }))
    tell('ann', summary('1', { status: 'deleted', sequence: 3, bytes: 0 }))
    clock.advance(DAY - 1)
    tell('ann', summary('1', { status: 'expired', sequence: 2 }))
    expect(statistics()).toMatchObject({ total_sessions: 0, total_bytes: 0 })
  })

  it('forgets a deleted session after a day', () => {
    const { tell, sql, clock } = scene()
    tell('ann', summary('1', { status: 'deleted', sequence: 3, bytes: 0 }))
    clock.advance(DAY)
    tell('bob', summary('2'))
    expect(sql.exec('SELECT session_id FROM session')).toEqual([{ session_id: 'session_2' }])
  })

  it('takes all of a report or nothing', () => {
    const { tell, statistics } = scene()
    const wrong = summary('2', { status: 'unheard of' as 'active' })
    expect(() => tell('ann', summary('1'), wrong)).toThrow()
    expect(statistics()).toMatchObject({ total_sessions: 0 })
    tell('ann', summary('1'))
    expect(statistics()).toMatchObject({ total_sessions: 1 })
  })

  it('knows no commands but those of its scope', () => {
    const { directory } = scene()
    for (const command of ['create_session', 'nonsense', 'constructor']) {
      expect(directory.execute(call(command)).outcome).toMatchObject({
        ok: false,
        failure: { reason: 'unknown_command' },
      })
    }
  })
})
