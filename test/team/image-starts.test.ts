// When an image was started anew: what is told of it, to whom, and what counts as the present start meanwhile.

import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/protocol/call.ts'
import { openDirectoryStore } from '../../src/team/directory-store.ts'
import type { TeamEventRow } from '../../src/team/storage/event-table.ts'
import { told, toldToMember } from '../../src/team/told-events.ts'
import { MINUTE, SECOND } from '../support/fixed-clock.ts'
import { teamHost } from '../support/team.ts'

const member = (subject: string): Caller => ({ team: 'local', subject, client_ids: [] })
const ANN = member('ann')
const BOB = member('bob')

type Team = ReturnType<typeof teamHost>

const report = (team: Team, epoch?: string, reporter = '', caller = ANN, status = 'Connected') =>
  team.done(
    'report_image_status',
    { image_id: 'pharo', status, reporter, ...(epoch !== undefined && { epoch }) },
    caller
  )

const events = ({ sql, clock }: Team): TeamEventRow[] =>
  openDirectoryStore(sql, clock.now()).events.after(0, 1000)

const restarts = (team: Team) =>
  events(team).flatMap(({ type, epoch }) => (type === 'image.restarted' ? [epoch] : []))

/** The present start, as the owner's objects hear of it: the name that is told, and all of them. */
const startOf = (team: Team, subject = 'ann') => {
  const [image] = team.directory.imagesOf({ ids: ['pharo'], others: 0, subject })
  return [image?.epoch, image?.epochs]
}

describe('An image that a bridge reports with another epoch', () => {
  it('was started anew, and that is an event, although its status is the same', () => {
    const team = teamHost()
    report(team, 'morning')
    report(team, 'morning')
    expect(restarts(team)).toEqual([])
    report(team, 'noon')
    report(team, 'noon')
    expect(restarts(team)).toEqual(['noon'])
    const [, restarted] = events(team)
    expect(restarted && told('/teams/local', restarted)).toEqual({
      specversion: '1.0',
      id: '2',
      source: '/teams/local',
      type: 'image.restarted',
      subject: 'pharo',
      time: '2026-03-01T09:00:00.000Z',
      sequence: 2,
      data: {
        image_id: 'pharo',
        image_status: 'Connected',
        connection_status: 'Connected',
        epoch: 'noon',
      },
    })
  })

  it('is told with its status where that is another one, too', () => {
    const team = teamHost()
    report(team, 'morning')
    report(team, undefined, '', ANN, 'Disconnected')
    report(team, 'noon')
    expect(events(team).map(({ type }) => type)).toEqual([
      'image.changed',
      'image.changed',
      'image.restarted',
      'image.changed',
    ])
  })

  it('was not started anew by a report that names no epoch, nor by the first that names one', () => {
    const team = teamHost()
    report(team)
    report(team, 'morning')
    report(team)
    report(team, '')
    report(team, 'morning')
    expect(restarts(team)).toEqual([])
  })

  it('is known to be so after the directory has slept', () => {
    const team = teamHost()
    report(team, 'morning')
    const awake = team.reopen()
    report(awake, 'morning')
    expect(restarts(awake)).toEqual([])
    report(awake, 'noon')
    expect(restarts(awake)).toEqual(['noon'])
    expect(startOf(awake.reopen())).toEqual(['noon', ['noon']])
  })

  it('is told to the members whose bridges saw it, and to no other: by hearsay nothing starts anew', () => {
    const team = teamHost()
    report(team, 'morning')
    report(team, 'noon')
    const [, restarted] = events(team)
    if (restarted === undefined) throw new Error('nothing was told')
    const as = (subject: string, isOwn: boolean) =>
      toldToMember('/teams/local', restarted, { subject, isOwn })
    expect(as('ann', true)).toMatchObject({ type: 'image.restarted', data: { epoch: 'noon' } })
    expect([as('bob', true), as('bob', false)]).toEqual([undefined, undefined])
  })
})

describe('Two bridges that have names of their own for one start', () => {
  function scene() {
    const team = teamHost()
    report(team, 'laptop 1', 'laptop')
    team.clock.advance(SECOND)
    report(team, 'desk 1', 'desk')
    return team
  }

  it('restart nothing by taking turns, and the epoch that is told stays', () => {
    const team = scene()
    for (let n = 0; n < 10; n += 1) {
      team.clock.advance(SECOND)
      const reporter = n % 2 === 0 ? 'laptop' : 'desk'
      expect(report(team, `${reporter} 1`, reporter).epoch).toBe('laptop 1')
    }
    expect(restarts(team)).toEqual([])
    expect(startOf(team)).toEqual(['laptop 1', ['laptop 1', 'desk 1']])
  })

  it('are both believed: the present start has either name, until each has noticed another', () => {
    const team = scene()
    report(team, 'desk 2', 'desk')
    expect(startOf(team)).toEqual(['desk 2', ['laptop 1', 'desk 2']])
    team.clock.advance(SECOND)
    report(team, 'laptop 2', 'laptop')
    expect(startOf(team)).toEqual(['laptop 2', ['laptop 2', 'desk 2']])
  })

  it('no longer count once they are silent, while another sees the image', () => {
    const team = scene()
    team.clock.advance(MINUTE)
    report(team, 'desk 1', 'desk')
    expect(startOf(team)).toEqual(['desk 1', ['desk 1']])
  })

  it('leave the name that was told last when none of them sees the image any more', () => {
    const team = scene()
    report(team, undefined, 'laptop', ANN, 'Disconnected')
    team.clock.advance(SECOND)
    report(team, undefined, 'desk', ANN, 'Disconnected')
    expect(startOf(team)).toEqual(['desk 1', ['desk 1']])
  })

  it('tell one restart once where the image itself names it', () => {
    const team = teamHost()
    for (const epoch of ['morning', 'noon']) {
      for (const reporter of ['laptop', 'desk']) report(team, epoch, reporter)
    }
    expect(restarts(team)).toEqual(['noon'])
  })

  it('of different people are not mixed', () => {
    const team = teamHost()
    report(team, 'a', '', ANN)
    report(team, 'b', '', BOB)
    expect([startOf(team, 'ann'), startOf(team, 'bob')]).toEqual([
      ['a', ['a']],
      ['b', ['b']],
    ])
    expect(startOf(team, 'eve')).toEqual(['', []])
    report(team, 'c', '', BOB)
    expect(startOf(team, 'ann')).toEqual(['a', ['a']])
  })
})
