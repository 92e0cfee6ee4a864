// The images of a team: what bridges report, what of it is written, and what a restart of the directory does to it.

import { describe, expect, it } from 'vitest'
import { MAX_SUBJECT_IMAGES } from '../../src/protocol/limits.ts'
import { DAY, MINUTE, SECOND } from '../support/fixed-clock.ts'
import { ADMIN, teamHost } from '../support/team.ts'

type Team = ReturnType<typeof teamHost>

const PHARO = { image_id: 'pharo', status: 'Connected' } as const

const statusOf = (team: Team, image_id = 'pharo') =>
  team.done('get_image_connection_status', { image_id }).connection_status

const written = ({ sql }: Team) =>
  sql
    .exec<{ last_report: number }>('SELECT last_report FROM image ORDER BY image_id')
    .map(({ last_report }) => last_report)

describe('report_image_status', () => {
  it('answers with the image as everybody is told of it', () => {
    const team = teamHost()
    const report = {
      ...PHARO,
      address: 'tcp://LOCALHOST:5555',
      name: 'Pharo 12',
      version: '12.0',
      metadata: { dialect: 'Pharo' },
      round_trip_ms: 4,
      epoch: 'first',
    }
    const told = team.done('report_image_status', report)
    expect(told).toEqual({
      image_id: 'pharo',
      image_uid: 'ayjz7wavibjhhivluonolpl7rw',
      status: 'Connected',
      image_status: 'Connected',
      connection_status: 'Connected',
      connection_health: 'Healthy',
      image_address: 'localhost:5555',
      address: 'localhost:5555',
      connection_address: 'localhost:5555',
      image_name: 'Pharo 12',
      image_version: '12.0',
      image_metadata: { dialect: 'Pharo' },
      metadata: { dialect: 'Pharo' },
      round_trip_ms: 4,
      epoch: 'first',
      last_seen: '2026-03-01T09:00:00.000Z',
      last_activity: '2026-03-01T09:00:00.000Z',
      session_count: 0,
    })
    expect(team.done('get_image_connection_status', { image_id: 'pharo' })).toEqual(told)
  })

  it('leaves as it was what a report does not tell', () => {
    const team = teamHost()
    team.done('report_image_status', { ...PHARO, name: 'Pharo 12', epoch: 'first' })
    team.clock.advance(SECOND)
    expect(team.done('report_image_status', PHARO)).toMatchObject({
      image_name: 'Pharo 12',
      epoch: 'first',
      last_seen: '2026-03-01T09:00:01.000Z',
    })
  })

  it('remembers when the image was seen last, however often it is reported away', () => {
    const team = teamHost()
    team.done('report_image_status', PHARO)
    team.clock.advance(MINUTE)
    expect(team.done('report_image_status', { ...PHARO, status: 'Failed' })).toMatchObject({
      connection_status: 'Failed',
      last_seen: '2026-03-01T09:00:00.000Z',
    })
  })

  it.each([
    [{ status: 'Connected' }, 'missing_parameter'],
    [{ image_id: 'pharo' }, 'missing_parameter'],
    [{ ...PHARO, image_id: '' }, 'invalid_parameter'],
    [{ ...PHARO, status: 'Orphaned' }, 'invalid_parameter'],
    [{ ...PHARO, address: 'nowhere' }, 'invalid_parameter'],
    [{ ...PHARO, round_trip_ms: -1 }, 'invalid_parameter'],
    [{ ...PHARO, metadata: { text: 'x'.repeat(1025) } }, 'invalid_parameter'],
    [{ ...PHARO, metadata: manyWords() }, 'invalid_parameter'],
  ])('refuses %j', (parameters, reason) => {
    expect(teamHost().refused('report_image_status', parameters)).toMatchObject({ reason })
  })
})

describe('Of several bridges that report one image', () => {
  const laptop = { ...ADMIN, subject: 'ann' }
  const desk = { ...ADMIN, subject: 'bob' }

  it('the one that sees it is believed, as long as it is heard', () => {
    const team = teamHost()
    team.done('report_image_status', PHARO, laptop)
    team.clock.advance(20 * SECOND)
    team.done('report_image_status', { ...PHARO, status: 'Failed' }, desk)
    expect(statusOf(team)).toBe('Reconnecting')
    team.clock.advance(10 * SECOND)
    expect(statusOf(team)).toBe('Failed')
    team.done('report_image_status', PHARO, laptop)
    expect(statusOf(team)).toBe('Connected')
  })

  it('two of one person are told apart by name', () => {
    const team = teamHost()
    team.done('report_image_status', { ...PHARO, reporter: 'at home' }, laptop)
    team.done(
      'report_image_status',
      { ...PHARO, status: 'Disconnected', reporter: 'at work' },
      laptop
    )
    expect(statusOf(team)).toBe('Connected')
    team.done(
      'report_image_status',
      { ...PHARO, status: 'Disconnected', reporter: 'at home' },
      laptop
    )
    expect(statusOf(team)).toBe('Disconnected')
  })
})

describe('Storage', () => {
  it('is written a report at a time only when it says something new, or once a minute', () => {
    const team = teamHost()
    const start = team.clock.now()
    const report = { ...PHARO, name: 'Pharo', metadata: { vm: 'Cog' }, round_trip_ms: 4 }
    team.done('report_image_status', report)
    for (let seconds = 5; seconds < 60; seconds += 5) {
      team.clock.advance(5 * SECOND)
      team.done('report_image_status', { ...report, round_trip_ms: seconds })
    }
    expect(written(team)).toEqual([start])
    team.clock.advance(5 * SECOND)
    team.done('report_image_status', report)
    expect(written(team)).toEqual([start + MINUTE])
  })

  it.each([
    { status: 'Disconnected' },
    { epoch: 'second' },
    { address: 'localhost:1' },
    { name: 'Other' },
    { version: '13' },
    { metadata: { vm: 'Other' } },
  ])('is written at once for %j', (change) => {
    const team = teamHost()
    team.done('report_image_status', PHARO)
    team.clock.advance(SECOND)
    team.done('report_image_status', { ...PHARO, ...change })
    expect(written(team)).toEqual([team.clock.now()])
  })
})

describe('After a restart of the directory', () => {
  it('an image is what it was', () => {
    const team = teamHost()
    team.done('report_image_status', { ...PHARO, name: 'Pharo', metadata: { a: '1' }, epoch: 'e' })
    const before = team.done('get_image_connection_status', { image_id: 'pharo' })
    expect(team.reopen().done('get_image_connection_status', { image_id: 'pharo' })).toMatchObject({
      ...before,
      connection_health: 'Unknown',
    })
  })

  it('an image that may have been heard a moment ago does not look away', () => {
    const team = teamHost()
    team.done('report_image_status', PHARO)
    team.clock.advance(55 * SECOND)
    team.done('report_image_status', PHARO)
    const again = team.reopen()
    expect(statusOf(again)).toBe('Connected')
    again.clock.advance(30 * SECOND)
    expect(statusOf(again)).toBe('Disconnected')
  })

  it('the doubt is never longer than a minute', () => {
    const team = teamHost()
    team.done('report_image_status', PHARO)
    team.clock.advance(89 * SECOND)
    expect(statusOf(team.reopen())).toBe('Reconnecting')
    team.clock.advance(SECOND)
    expect(statusOf(team.reopen())).toBe('Disconnected')
  })

  it('an image that was reported away is away', () => {
    const team = teamHost()
    team.done('report_image_status', PHARO)
    team.done('report_image_status', { ...PHARO, status: 'Disconnected' })
    expect(statusOf(team.reopen())).toBe('Disconnected')
  })
})

describe('Images', () => {
  it('are forgotten when nobody has reported them for the time that sessions are kept', () => {
    const team = teamHost()
    team.done('report_image_status', PHARO)
    team.clock.advance(30 * DAY)
    expect(statusOf(team)).toBe('Unknown')
    team.done('report_image_status', { ...PHARO, image_id: 'squeak' })
    expect(team.sql.exec('SELECT image_id FROM image')).toEqual([{ image_id: 'squeak' }])
  })

  it('beyond the limit are refused while all are here, and then replace the one that is away for longest', () => {
    const team = teamHost()
    for (let n = 0; n < MAX_SUBJECT_IMAGES; n += 1) {
      if (n === 1) team.clock.advance(SECOND)
      team.done('report_image_status', { ...PHARO, image_id: `image ${n}` })
    }
    const another = { ...PHARO, image_id: 'another' }
    expect(team.refused('report_image_status', another)).toMatchObject({
      reason: 'invalid_parameter',
      path: 'image_id',
    })
    team.clock.advance(5 * MINUTE)
    team.done('report_image_status', another)
    expect(statusOf(team, 'image 0')).toBe('Unknown')
    expect(statusOf(team, 'image 1')).toBe('Disconnected')
    expect(statusOf(team.reopen(), 'image 0')).toBe('Unknown')
  })
})

/** More than a bridge may report, in entries that are each small enough. */
function manyWords(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`k${n}`, 'x'.repeat(512)]))
}
