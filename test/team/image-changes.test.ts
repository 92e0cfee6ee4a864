// What is told of an image when time alone has changed it.

import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/protocol/call.ts'
import { openDirectoryStore } from '../../src/team/directory-store.ts'
import { MINUTE, SECOND } from '../support/fixed-clock.ts'
import { teamHost } from '../support/team.ts'

const member = (subject: string): Caller => ({ team: 'local', subject, client_ids: [] })
const ANN = member('ann')
const BOB = member('bob')

type Team = ReturnType<typeof teamHost>

/** What was told of images so far: what all reports say, and what the bridges say that have seen it. */
const told = ({ sql, clock }: Team) =>
  openDirectoryStore(sql, clock.now())
    .events.after(0, 100)
    .map((row) => [row.connection_status, row.seen_by, row.image_status, row.own_image_status])

const report = (team: Team, caller: Caller, status = 'Connected') =>
  team.done('report_image_status', { image_id: 'pharo', status }, caller)

/** Lets time pass until the directory looks again. */
function passed(team: Team): number {
  const wait = team.directory.notePassed() - team.clock.now()
  team.clock.advance(wait)
  team.directory.notePassed()
  return wait
}

describe('An image that nobody reports any more', () => {
  it('is told to be late, disconnected and orphaned, each when it comes, and no more after that', () => {
    const team = teamHost()
    report(team, ANN)
    expect(passed(team)).toBe(10 * SECOND + 1)
    expect(passed(team)).toBe(20 * SECOND - 1)
    expect(passed(team)).toBe(270 * SECOND)
    expect(team.directory.notePassed()).toBe(Number.POSITIVE_INFINITY)
    expect(told(team)).toEqual([
      ['Connected', 'ann', 'Connected', 'Connected'],
      ['Reconnecting', 'ann', 'Connected', 'Connected'],
      ['Disconnected', 'ann', 'Disconnected', 'Disconnected'],
      ['Disconnected', 'ann', 'Orphaned', 'Orphaned'],
    ])
  })

  it('is told so by those whose bridges have lost it, although others see it', () => {
    const team = teamHost()
    report(team, ANN, 'Disconnected')
    report(team, BOB)
    for (let n = 0; n < 60; n += 1) {
      team.clock.advance(5 * SECOND)
      report(team, BOB)
      team.directory.notePassed()
    }
    expect(told(team).slice(2)).toEqual([['Connected', 'ann', 'Connected', 'Orphaned']])
  })

  it('is told once, across restarts, too', () => {
    const team = teamHost()
    report(team, ANN)
    team.clock.advance(10 * MINUTE)
    team.directory.notePassed()
    const again = team.reopen()
    again.directory.notePassed()
    expect(told(again)).toHaveLength(2)
  })
})

describe('An image that is reported', () => {
  it('may change sooner than the directory would have looked', () => {
    const team = teamHost()
    expect(team.directory.notePassed()).toBe(Number.POSITIVE_INFINITY)
    report(team, ANN)
    expect(team.directory.notePassed()).toBe(team.clock.now() + 10 * SECOND + 1)
  })
})
