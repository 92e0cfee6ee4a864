// Whose reports of an image count for whom, and how much room and storage one member of a team may take.

import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/protocol/call.ts'
import { MAX_REPORTERS, MAX_SUBJECT_IMAGES, MAX_TEAM_IMAGES } from '../../src/protocol/limits.ts'
import { TEAM_COMMANDS } from '../../src/team/directory.ts'
import { MINUTE, SECOND } from '../support/fixed-clock.ts'
import { summaryOf } from '../support/summary.ts'
import { ADMIN, teamHost } from '../support/team.ts'

type Team = ReturnType<typeof teamHost>

const member = (subject: string): Caller => ({ team: 'atelier', subject, client_ids: [] })

const ANN = member('ann')
const EVIL = member('evil')
const BOB = member('bob')

const PHARO = { image_id: 'pharo', status: 'Connected' } as const

const rows = ({ sql }: Team) =>
  sql.exec<{ n: number }>('SELECT count(*) AS n FROM image')[0]?.n ?? 0

const asOwner = ({ directory }: Team, { subject }: Caller) =>
  directory.imagesOf({ ids: ['pharo'], others: 0, subject })[0]

const status = (team: Team, caller: Caller) =>
  team.done('get_image_connection_status', { image_id: 'pharo' }, caller)

/** Reports as many images as one may, at the pace that is allowed. */
function fill(team: Team, caller: Caller, count = MAX_SUBJECT_IMAGES): void {
  for (let n = 0; n < count; n += 1) {
    if (n % TEAM_COMMANDS.burst === TEAM_COMMANDS.burst - 1) team.clock.advance(5 * SECOND)
    team.done('report_image_status', { ...PHARO, image_id: `${caller.subject} ${n}` }, caller)
  }
}

describe('One member of a team', () => {
  it('who invents bridges for one image keeps nobody else from reporting theirs', () => {
    const team = teamHost()
    for (let n = 0; n < 999; n += 1) {
      team.clock.advance(SECOND)
      team.done('report_image_status', { ...PHARO, reporter: String(n) }, EVIL)
    }
    expect(rows(team)).toBe(MAX_REPORTERS)
    team.done('report_image_status', PHARO, ANN)
    expect(rows(team)).toBe(MAX_REPORTERS + 1)
  })

  it('has room for so many images, and for another one when the longest away may go', () => {
    const team = teamHost()
    fill(team, EVIL)
    const another = { ...PHARO, image_id: 'another' }
    expect(team.refused('report_image_status', another, EVIL)).toMatchObject({
      reason: 'invalid_parameter',
      path: 'image_id',
      detail: expect.stringContaining(`${MAX_SUBJECT_IMAGES} images`),
    })
    team.done('report_image_status', another, ANN)
    team.clock.advance(6 * MINUTE)
    team.done('report_image_status', another, EVIL)
    expect(rows(team)).toBe(MAX_SUBJECT_IMAGES + 1)
  })

  it('who sends commands faster than a bridge does has to wait, and nobody else has', () => {
    const team = teamHost()
    for (let n = 0; n < TEAM_COMMANDS.burst; n += 1) {
      team.done('report_image_status', { ...PHARO, epoch: String(n) }, EVIL)
    }
    expect(team.refused('report_image_status', { ...PHARO, epoch: 'x' }, EVIL)).toMatchObject({
      reason: 'rate_limited',
      retry_after_ms: 60_000 / TEAM_COMMANDS.perMinute,
    })
    expect(team.refused('get_session_statistics', {}, EVIL).reason).toBe('rate_limited')
    expect(team.directory.paced(EVIL)).toMatchObject({ reason: 'rate_limited' })
    team.done('get_session_statistics', {}, ANN)
    team.clock.advance(SECOND)
    team.done('get_session_statistics', {}, EVIL)
  })
})

describe('In a team that has as many images as it may', () => {
  const crowd = Array.from({ length: MAX_TEAM_IMAGES / MAX_SUBJECT_IMAGES }, (_, n) =>
    member(`crowd ${n}`)
  )

  it('those with most give way to whoever has few', () => {
    const team = teamHost()
    for (const caller of crowd) fill(team, caller)
    expect(rows(team)).toBe(MAX_TEAM_IMAGES)
    team.done('report_image_status', PHARO, ANN)
    expect(rows(team)).toBe(MAX_TEAM_IMAGES)
    expect(asOwner(team, ANN)).toMatchObject({ reported_status: 'Connected' })
  })

  it('nobody gives way to one of those who have most', () => {
    const team = teamHost()
    for (const caller of crowd) fill(team, caller, MAX_SUBJECT_IMAGES - 1)
    fill(team, ANN, crowd.length)
    const [first = ANN] = crowd
    expect(team.refused('report_image_status', PHARO, first)).toMatchObject({
      reason: 'invalid_parameter',
      detail: expect.stringContaining(`${MAX_TEAM_IMAGES} images`),
    })
  })
})

describe("What one's own bridges say of an image", () => {
  it('is not overruled by a forged report, nor mixed with it', () => {
    const team = teamHost()
    const own = {
      ...PHARO,
      address: 'localhost:5555',
      name: 'Pharo 12',
      epoch: 'morning',
      reporter: 'laptop',
    }
    team.done('report_image_status', own, ANN)
    team.clock.advance(SECOND)
    const forged = { ...PHARO, address: 'evil:1', name: 'Evil', version: '66', epoch: 'forged' }
    team.done('report_image_status', forged, EVIL)
    team.tell('evil', summaryOf('1', { image_id: 'pharo', image_version: '66' }))
    const facts = {
      image_address: 'localhost:5555',
      image_name: 'Pharo 12',
      image_version: '',
      epoch: 'morning',
      last_seen: '2026-03-01T09:00:00.000Z',
    }
    expect(status(team, ANN)).toMatchObject(facts)
    expect(team.done('report_image_status', own, ANN)).toMatchObject({
      ...facts,
      last_seen: '2026-03-01T09:00:01.000Z',
    })
    expect(asOwner(team, ANN)).toMatchObject({ image_address: 'localhost:5555', epoch: 'morning' })
  })

  it('counts when it says that the image is away, whoever else claims to see it', () => {
    const team = teamHost()
    team.done('report_image_status', PHARO, ANN)
    team.done('report_image_status', { ...PHARO, status: 'Disconnected' }, ANN)
    team.clock.advance(5 * MINUTE)
    team.done('report_image_status', PHARO, EVIL)
    expect(status(team, ANN).image_status).toBe('Orphaned')
  })

  it('is not what an admin of the whole team is told, who sees the best of all', () => {
    const team = teamHost()
    team.done('report_image_status', { ...PHARO, status: 'Disconnected' }, ANN)
    team.done('report_image_status', { ...PHARO, name: 'Pharo 12', epoch: 'e' }, BOB)
    expect(status(team, ADMIN)).toMatchObject({ status: 'Connected', epoch: 'e' })
    expect(team.done('list_image_sessions', { scope: 'team' }, ADMIN).images).toMatchObject([
      { image_id: 'pharo', status: 'Connected', image_name: 'Pharo 12' },
    ])
  })
})

describe('An image that only sessions name', () => {
  it('is named to an admin of the team, and to nobody else: anybody could name it anything', () => {
    const team = teamHost()
    team.tell('evil', summaryOf('1', { image_id: 'pharo', image_address: 'evil:1' }))
    expect(status(team, ADMIN)).toMatchObject({ status: 'Unknown', image_address: 'evil:1' })
    expect(status(team, ANN)).toMatchObject({ image_address: '', session_count: 1 })
    expect(asOwner(team, ANN)).toMatchObject({ image_address: '' })
  })
})

describe('An image that only somebody else reports', () => {
  it('is told as they see it, from one of them alone', () => {
    const team = teamHost()
    team.done('report_image_status', { ...PHARO, name: 'Pharo 12', version: '12' }, ANN)
    team.clock.advance(SECOND)
    team.done('report_image_status', { ...PHARO, address: 'evil:1' }, EVIL)
    expect(status(team, BOB)).toMatchObject({
      status: 'Connected',
      image_address: 'evil:1',
      image_name: '',
      image_version: '',
    })
  })

  it('can be away, but neither orphaned nor started anew by their word', () => {
    const team = teamHost()
    team.done('report_image_status', { ...PHARO, status: 'Disconnected', epoch: 'forged' }, EVIL)
    team.clock.advance(10 * MINUTE)
    expect(status(team, ANN)).toMatchObject({ image_status: 'Disconnected', epoch: '' })
    expect(asOwner(team, ANN)).toMatchObject({ is_hearsay: true, epoch: '' })
    expect(status(team, EVIL)).toMatchObject({ image_status: 'Orphaned', epoch: 'forged' })
    expect(team.reopen().directory.imagesOf({ ids: ['pharo'], others: 0, subject: 'ann' })).toEqual(
      [expect.objectContaining({ is_hearsay: true })]
    )
  })
})
