// What a team's directory says of images and of the sessions on them.

import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND, START } from '../support/fixed-clock.ts'
import { summaryOf } from '../support/summary.ts'
import { ADMIN, teamHost } from '../support/team.ts'

const TEAM = { scope: 'team' } as const

/** Two images, one of them away, with sessions of two clients; and a session without an image. */
function scene() {
  const team = teamHost()
  const at = (seconds: number) => ({ last_activity: START + seconds * SECOND })
  team.tell(
    'ann',
    summaryOf('1', { image_id: 'here', name: 'parser', ...at(1) }),
    summaryOf('2', { image_id: 'away', ...at(2) }),
    summaryOf('3', { ...at(3) })
  )
  team.tell(
    'bob',
    summaryOf('4', { image_id: 'here', ...at(4) }),
    summaryOf('5', { image_id: 'away', status: 'expired', ...at(5) }),
    summaryOf('6', { image_id: 'away', status: 'closed', ...at(6) }),
    summaryOf('7', { image_id: 'here', status: 'deleted', ...at(7) })
  )
  team.done('report_image_status', { image_id: 'away', status: 'Disconnected' })
  team.clock.advance(5 * MINUTE)
  team.done('report_image_status', { image_id: 'here', status: 'Connected', name: 'Pharo' })
  return team
}

const idsOf = ({ sessions }: { readonly sessions: readonly { readonly session_id: string }[] }) =>
  sessions.map(({ session_id }) => session_id.replace('session_', '')).join(' ')

describe('get_image_connection_status', () => {
  it('of an image that nobody knows is a success, with nothing absent', () => {
    expect(teamHost().done('get_image_connection_status', { image_id: 'x' })).toEqual({
      image_id: 'x',
      image_uid: '',
      status: 'Unknown',
      image_status: 'Unknown',
      connection_status: 'Unknown',
      connection_health: 'Unknown',
      image_address: '',
      address: '',
      connection_address: '',
      image_name: '',
      image_version: '',
      image_metadata: {},
      metadata: {},
      epoch: '',
      last_seen: '2026-03-01T09:00:00.000Z',
      last_activity: '2026-03-01T09:00:00.000Z',
      session_count: 0,
    })
  })

  it('of an image that only sessions name is as the one used last has it', () => {
    const team = teamHost()
    const image = { image_id: 'x', image_address: 'h:1', image_name: 'new', image_version: '2' }
    team.tell('ann', summaryOf('1', { ...image, last_activity: START + 5 * SECOND }))
    team.tell(
      'bob',
      summaryOf('2', { image_id: 'x', image_name: 'old', created_at: START - SECOND })
    )
    expect(team.done('get_image_connection_status', { image_id: 'x' })).toMatchObject({
      status: 'Unknown',
      image_address: 'h:1',
      image_name: 'new',
      image_version: '2',
      last_seen: '2026-03-01T08:59:59.000Z',
      last_activity: '2026-03-01T09:00:05.000Z',
      session_count: 2,
    })
  })

  it("counts the team's active sessions", () => {
    const count = (image_id: string) =>
      scene().done('get_image_connection_status', { image_id }).session_count
    expect([count('here'), count('away')]).toEqual([2, 1])
  })
})

describe('get_session_statistics', () => {
  it('counts active and expired sessions of orphaned images', () => {
    const team = scene()
    expect(team.done('get_session_statistics').orphaned_sessions).toBe(2)
    team.done('report_image_status', { image_id: 'away', status: 'Connected' })
    expect(team.done('get_session_statistics').orphaned_sessions).toBe(0)
  })
})

describe('list_image_sessions for a team', () => {
  it('lists active and expired sessions of all clients, the one used last first', () => {
    const { sessions, ...told } = scene().done('list_image_sessions', TEAM)
    expect(idsOf({ sessions })).toBe('5 4 3 2 1')
    expect(sessions.map(({ client_id }) => client_id)).toEqual(['bob', 'bob', 'ann', 'ann', 'ann'])
    expect(sessions.map(({ orphaned }) => orphaned)).toEqual([true, false, false, true, false])
    expect(sessions.map(({ connection_status }) => connection_status)).toEqual([
      'Disconnected',
      'Connected',
      'Unknown',
      'Disconnected',
      'Connected',
    ])
    expect(told).toMatchObject({
      image_id: '*',
      total_count: 5,
      orphaned_count: 2,
      next_cursor: '',
      images: [
        {
          image_id: 'here',
          image_status: 'Connected',
          session_count: 2,
          current_session_id: 'session_4',
        },
        {
          image_id: 'away',
          image_status: 'Orphaned',
          session_count: 1,
          current_session_id: 'session_2',
        },
      ],
    })
  })

  it('tells everything that its clients have reported of a session', () => {
    const [session] = scene()
      .done('list_image_sessions', { ...TEAM, image_id: 'here', limit: 2 })
      .sessions.slice(1)
    expect(session).toMatchObject({
      session_id: 'session_1',
      name: 'parser',
      status: 'active',
      is_active: true,
      timeout: 3600,
      time_until_expiry: 3300,
      created_at: '2026-03-01T09:00:00.000Z',
      revision: 1,
      state_bytes: 10,
      image_id: 'here',
    })
  })

  it.each([
    [{ image_id: 'away' }, '5 2', 2],
    [{ image_id: '' }, '3', 0],
    [{ image_id: 'nobody knows' }, '', 0],
    [{ include_orphaned: false }, '4 3 1', 0],
    [{ include_disconnected: false }, '4 3 1', 0],
    [{ image_id: 'away', include_orphaned: false }, '', 0],
  ])('of %j lists %s', (parameters, ids, orphaned) => {
    const list = scene().done('list_image_sessions', { ...TEAM, ...parameters })
    expect(idsOf(list)).toBe(ids)
    expect(list.total_count).toBe(list.sessions.length)
    expect(list.orphaned_count).toBe(orphaned)
  })

  it.each([
    ['open', '5 4 3 2 1', 2],
    ['closed', '6', 0],
    ['all', '6 5 4 3 2 1', 2],
  ] as const)(
    'of %s ones lists %s, so that what was closed can be revived',
    (include, ids, orphaned) => {
      const list = scene().done('list_image_sessions', { ...TEAM, include })
      expect(idsOf(list)).toBe(ids)
      expect(list).toMatchObject({ total_count: list.sessions.length, orphaned_count: orphaned })
    }
  )

  it('tells of a closed session that it is closed, and not that it is orphaned', () => {
    const asked = { ...TEAM, image_id: 'away', include: 'closed' } as const
    const { sessions, total_count } = scene().done('list_image_sessions', asked)
    expect(total_count).toBe(1)
    expect(sessions).toMatchObject([
      {
        session_id: 'session_6',
        client_id: 'bob',
        status: 'closed',
        is_closed: true,
        is_active: false,
        is_expired: false,
        orphaned: false,
        time_until_expiry: 0,
      },
    ])
  })

  it('gives pages that follow one another, even of sessions used at the same moment', () => {
    const team = teamHost()
    for (const n of [1, 2, 3, 4, 5]) team.tell('ann', summaryOf(String(n), { image_id: 'x' }))
    const pages: string[] = []
    let cursor: string | undefined
    do {
      const page = team.done('list_image_sessions', {
        ...TEAM,
        limit: 2,
        ...(cursor && { cursor }),
      })
      expect(page.total_count).toBe(5)
      pages.push(idsOf(page))
      cursor = page.next_cursor
    } while (cursor !== '')
    expect(pages).toEqual(['5 4', '3 2', '1'])
  })

  it('tells of so many images only', () => {
    const team = teamHost()
    for (let n = 0; n < 250; n += 1) {
      const caller = { ...ADMIN, subject: `bridge ${n % 5}` }
      team.done('report_image_status', { image_id: `image ${n}`, status: 'Connected' }, caller)
    }
    team.tell('ann', summaryOf('1', { image_id: 'image 3' }))
    const { images } = team.done('list_image_sessions', TEAM)
    expect(images).toHaveLength(201)
    expect(images[0]?.image_id).toBe('image 3')
  })

  it('refuses a cursor that no page gave', () => {
    for (const cursor of ['x', '', '1.2', "1.session_1' OR 1=1"]) {
      expect(teamHost().refused('list_image_sessions', { ...TEAM, cursor })).toMatchObject({
        path: 'cursor',
      })
    }
  })
})

describe('get_image_session_stats for a team', () => {
  it.each([
    ['here', { total_sessions: 2, active_sessions: 2, orphaned_sessions: 0 }],
    [
      'away',
      {
        total_sessions: 3,
        active_sessions: 1,
        orphaned_sessions: 2,
        expired_sessions: 1,
        closed_sessions: 1,
        total_context_size: 30,
        last_activity: '2026-03-01T09:00:06.000Z',
      },
    ],
    ['*', { total_sessions: 6, orphaned_sessions: 2, total_context_size: 60 }],
    ['x', { total_sessions: 0, last_activity: '2026-03-01T09:05:00.000Z' }],
  ])('sums the sessions of %s', (image_id, expected) => {
    const stats = scene().done('get_image_session_stats', { ...TEAM, image_id })
    expect(stats).toMatchObject({ image_id, ...expected })
  })
})

describe('What is asked about a whole team', () => {
  it.each([
    ['a member', { ...ADMIN, role: 'member' as const }],
    ['somebody without a role', { team: 'local', subject: 'x', client_ids: [] }],
    ['an admin of some clients', { ...ADMIN, client_ids: ['ann'] }],
  ])('is refused to %s', (_, caller) => {
    for (const command of ['list_image_sessions', 'get_image_session_stats'] as const) {
      expect(scene().refused(command, { ...TEAM, image_id: 'here' }, caller)).toMatchObject({
        reason: 'forbidden',
      })
    }
  })

  it('is told to members about images, with counts', () => {
    const member = { ...ADMIN, role: 'member' as const }
    const told = scene().done('get_image_connection_status', { image_id: 'here' }, member)
    expect(told.session_count).toBe(2)
  })
})

describe('A directory that is asked what it does not know', () => {
  it('tells of each image that was named, and of so many others', () => {
    const team = scene()
    const ids = (wanted: { readonly ids: readonly string[]; readonly others: number }) =>
      team.directory.imagesOf({ ...wanted, subject: 'ann' }).map(({ image_id }) => image_id)
    expect(ids({ ids: ['x', 'away'], others: 0 })).toEqual(['x', 'away'])
    expect(ids({ ids: ['x'], others: 1 })).toEqual(['x', 'here'])
    expect(ids({ ids: ['here'], others: 9 })).toEqual(['here', 'away'])
  })

  it('names the clients with open sessions on an image, in order', () => {
    const { directory } = scene()
    expect(directory.clientsOf('away', '', 5)).toEqual(['ann', 'bob'])
    expect(directory.clientsOf('away', '', 1)).toEqual(['ann'])
    expect(directory.clientsOf('away', 'ann', 5)).toEqual(['bob'])
  })
})
