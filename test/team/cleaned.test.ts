// What cleanups did, as statistics of the team tell it: counted once, however reports arrive.

import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/session/limits.ts'
import type { SessionSummary } from '../../src/team/report.ts'
import { MAX_IMAGES_CLEANED } from '../../src/team/storage/cleaned-table.ts'
import { DAY, HOUR, MINUTE, START } from '../support/fixed-clock.ts'
import { summaryOf } from '../support/summary.ts'
import { teamHost } from '../support/team.ts'

type Team = ReturnType<typeof teamHost>

const cleaned = (team: Team) => team.done('get_session_statistics').cleaned

const cleanedOn = (team: Team, image_id: string) =>
  team.done('get_image_session_stats', { scope: 'team', image_id }).cleaned

const NOTHING = { expired: 0, deleted: 0, closed: 0, orphaned: 0 }

/** How a session goes on in the reports of its client. */
const life = (...changes: Partial<SessionSummary>[]) =>
  changes.map((change, index) =>
    summaryOf('1', { image_id: 'pharo', ...change, sequence: index + 1 })
  )

describe('What was cleaned', () => {
  it('is nothing, at no time, in a team that nobody cleaned up for', () => {
    const team = teamHost()
    team.tell('ann', summaryOf('1'), summaryOf('2', { status: 'closed' }))
    expect(cleaned(team)).toEqual(NOTHING)
    expect(cleanedOn(team, 'pharo')).toEqual(NOTHING)
  })

  it('counts leases that ended, sessions that a cleanup has closed, and what retention has deleted', () => {
    const team = teamHost()
    const told = life({}, { status: 'expired' }, { status: 'closed', cleaned: 'expired' })
    for (const summary of told) team.tell('ann', summary)
    team.clock.advance(MINUTE)
    team.tell('bob', summaryOf('2', { image_id: 'squeak' }))
    team.tell('bob', summaryOf('2', { status: 'closed', cleaned: 'orphaned', sequence: 2 }))
    const sums = { expired: 1, deleted: 0, closed: 2, orphaned: 1 }
    expect(cleaned(team)).toEqual({ ...sums, last_at: '2026-03-01T09:01:00.000Z' })
    team.clock.advance(31 * DAY)
    team.tell('ann', summaryOf('1', { status: 'deleted', sequence: 4 }))
    expect(cleaned(team)).toMatchObject({ ...sums, deleted: 1 })
    expect(cleanedOn(team, 'pharo')).toMatchObject({ expired: 1, closed: 1, deleted: 1 })
    expect(cleanedOn(team, 'squeak')).toMatchObject({ ...NOTHING, closed: 1, orphaned: 1 })
    expect(cleanedOn(team, '*')).toEqual(cleaned(team))
  })

  it('is counted once for a report that arrives twice, late, or after a sleep', () => {
    const team = teamHost()
    const [open, expired, active, closed] = life(
      {},
      { status: 'expired' },
      {},
      { status: 'closed', cleaned: 'idle' }
    )
    if (!(open && expired && active && closed)) throw new Error('a life is missing')
    for (const one of [open, expired, expired]) team.tell('ann', one)
    const awake = team.reopen()
    for (const one of [expired, active, expired, closed, expired, closed]) awake.tell('ann', one)
    expect(cleaned(awake)).toMatchObject({ ...NOTHING, expired: 1, closed: 1 })
  })

  it('counts a session that expired before the team heard of it', () => {
    const team = teamHost()
    team.tell('ann', summaryOf('1', { status: 'expired', sequence: 2 }))
    team.tell('ann', summaryOf('1', { status: 'expired', sequence: 2 }))
    expect(cleaned(team)).toMatchObject({ ...NOTHING, expired: 1 })
  })

  it('is no session that its developer has closed, or that gave way to another one', () => {
    const team = teamHost()
    team.tell('ann', summaryOf('1'), summaryOf('2'))
    team.tell('ann', summaryOf('1', { status: 'closed', sequence: 2 }))
    team.tell('ann', summaryOf('2', { status: 'deleted', sequence: 2 }))
    expect(cleaned(team)).toEqual(NOTHING)
  })

  it('counts what retention has deleted, even if the clock of the client is ahead', () => {
    const team = teamHost()
    const last_activity = START + MINUTE - 1 - DEFAULT_LIMITS.retentionMs
    team.tell('ann', summaryOf('1', { last_activity }))
    team.tell('ann', summaryOf('1', { status: 'deleted', sequence: 2, last_activity }))
    expect(cleaned(team)).toMatchObject({ ...NOTHING, deleted: 1 })
  })

  it('counts nothing for a deletion that was heard of before and is forgotten', () => {
    const team = teamHost()
    const last_activity = START - DEFAULT_LIMITS.retentionMs
    const gone = summaryOf('1', { status: 'deleted', sequence: 2, last_activity })
    team.tell('ann', summaryOf('1', { last_activity }))
    team.tell('ann', gone)
    team.clock.advance(DAY + HOUR)
    team.tell('bob', summaryOf('2'))
    team.tell('ann', gone)
    expect(cleaned(team)).toMatchObject({ ...NOTHING, deleted: 1 })
  })

  it('is kept for so many images, those cleaned last, and for all together', () => {
    const team = teamHost()
    const count = MAX_IMAGES_CLEANED + 3
    for (let n = 0; n < count; n += 1) {
      team.clock.advance(1)
      team.tell('ann', summaryOf(String(n), { image_id: `image ${n}`, status: 'expired' }))
    }
    expect(cleaned(team)).toMatchObject({ expired: count })
    expect(cleanedOn(team, 'image 2')).toEqual(NOTHING)
    expect(cleanedOn(team, 'image 3')).toMatchObject({ expired: 1 })
    const rows = team.sql.exec<{ n: number }>('SELECT count(*) AS n FROM cleaned')
    expect(rows[0]?.n).toBe(MAX_IMAGES_CLEANED + 1)
  })
})
