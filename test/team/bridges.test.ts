// The bridges of a team: what waits in their journals, who is told, and what a report costs.

import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/protocol/call.ts'
import {
  BRIDGE_HEARTBEAT_MS,
  BRIDGE_REPORT_GAP_MS,
  BRIDGE_SILENT_AFTER_MS,
  MAX_SUBJECT_BRIDGES,
  MAX_TEAM_BRIDGES,
} from '../../src/protocol/limits.ts'
import { openDirectoryStore } from '../../src/team/directory-store.ts'
import { tables } from '../support/engine-rows.ts'
import { DAY, MINUTE, SECOND } from '../support/fixed-clock.ts'
import { summaryOf } from '../support/summary.ts'
import { ADMIN, teamHost } from '../support/team.ts'

const member = (subject: string, client_ids: string[] = []): Caller => ({
  team: 'local',
  subject,
  client_ids,
})
const ANN = member('ann')
const BOB = member('bob')

type Team = ReturnType<typeof teamHost>
type Its = { readonly records?: number; readonly refused?: number; readonly oldest_at?: string }

/** What one client has there. */
const journal = (client_id: string, { records = 0, refused = 0, ...its }: Its = {}) => ({
  ...{ client_id, records, refused, bytes: 100 * (records + refused) },
  ...its,
})

const report = (team: Team, caller: Caller, clients: readonly object[], bridge_id = 'laptop') =>
  team.done('report_bridge_status', { bridge_id, version: '0.1.0', clients }, caller)

const told = (team: Team, caller: Caller) => team.done('get_bridge_status', {}, caller).bridges

const store = ({ sql, clock }: Team) => openDirectoryStore(sql, clock.now())

/** Whose bridges were told to have changed, in order. */
const events = (team: Team) =>
  store(team)
    .events.after(0, 1000)
    .map(({ type, bridge_id, seen_by }) => [type, bridge_id, seen_by])

/** When the row of the bridge was written last. */
const writtenAt = (team: Team) => store(team).bridges.all()[0]?.last_heard

describe('The journal of a bridge', () => {
  it('is told as it was reported, with when all of it was at the service last', () => {
    const team = teamHost()
    const oldest_at = '2026-03-01T08:58:00.000Z'
    report(team, ANN, [journal('a', { records: 12, refused: 1, oldest_at }), journal('b')])
    const [bridge] = told(team, ANN)
    expect(bridge).toMatchObject({ is_own: true, silent: false, version: '0.1.0', name: '' })
    expect(bridge?.clients).toEqual([
      { ...journal('a', { records: 12, refused: 1 }), oldest_at, last_sync: oldest_at },
      { ...journal('b'), last_sync: '2026-03-01T09:00:00.000Z' },
    ])
  })

  it('is told to its developer and to admins of the whole team, and to nobody else', () => {
    const team = teamHost()
    report(team, ANN, [journal('a', { records: 1 })])
    expect(told(team, ANN)).toHaveLength(1)
    expect(told(team, ADMIN)).toHaveLength(1)
    expect(told(team, BOB)).toEqual([])
    expect(told(team, { ...ADMIN, client_ids: ['a'] })).toEqual([])
    expect(told(team, member('ann', ['b']))).toEqual([])
  })

  it('is reported for clients that the credentials cover, and refused for others', () => {
    const team = teamHost()
    const narrow = member('ann', ['desk-*'])
    report(team, narrow, [journal('desk-1')])
    const parameters = { bridge_id: 'laptop', version: '1', clients: [journal('till')] }
    expect(team.refused('report_bridge_status', parameters, narrow)).toEqual({
      ...{ reason: 'client_not_allowed', client_id: 'till' },
    })
    expect(told(team, ANN)[0]?.clients.map(({ client_id }) => client_id)).toEqual(['desk-1'])
  })

  it('says nothing of a client that belongs to somebody else', () => {
    const team = teamHost()
    const owned = { ...{ client_id: 'theirs', owner: 'bob' }, sessions: [summaryOf('1')] }
    team.directory.report(owned)
    report(team, ANN, [journal('theirs', { records: 5 }), journal('mine', { records: 1 })])
    expect(told(team, ADMIN)[0]?.clients.map(({ client_id }) => client_id)).toEqual(['mine'])
  })

  it('is not told any more of a client that proves to belong to somebody else', () => {
    const team = teamHost()
    report(team, ANN, [journal('theirs', { records: 5 }), journal('mine', { records: 1 })])
    team.directory.report({
      ...{ client_id: 'theirs', owner: 'bob' },
      sessions: [summaryOf('1')],
    })
    for (const caller of [ADMIN, ANN]) {
      expect(told(team, caller)[0]?.clients.map(({ client_id }) => client_id)).toEqual(['mine'])
    }
  })

  it('names each client once', () => {
    const team = teamHost()
    const clients = [journal('a', { records: 1 }), journal('a', { records: 2 })]
    const parameters = { bridge_id: 'laptop', version: '1', clients }
    expect(team.refused('report_bridge_status', parameters, ANN)).toMatchObject({
      ...{ reason: 'invalid_parameter', path: 'clients' },
    })
  })

  it('is that of one bridge each: nobody reports over the bridge of another', () => {
    const team = teamHost()
    report(team, ANN, [journal('a', { records: 1 })])
    report(team, BOB, [journal('a', { records: 7 })])
    expect(told(team, ANN)[0]?.clients[0]?.records).toBe(1)
    const all = told(team, ADMIN).map(({ is_own, clients }) => [is_own, clients[0]?.records])
    expect(all).toEqual([
      [false, 1],
      [false, 7],
    ])
  })
})

describe('A report of a bridge', () => {
  it('is written and told as an event only if it says something new', () => {
    const team = teamHost()
    report(team, ANN, [journal('a')])
    const first = writtenAt(team)
    team.clock.advance(BRIDGE_HEARTBEAT_MS)
    report(team, ANN, [journal('a')])
    expect(writtenAt(team)).toBe(first)
    expect(events(team)).toHaveLength(1)
    report(team, ANN, [journal('a', { records: 3 })])
    expect(writtenAt(team)).toBe(team.clock.now())
    expect(events(team)).toEqual([
      ['bridge.changed', 'laptop', 'ann'],
      ['bridge.changed', 'laptop', 'ann'],
    ])
  })

  it('that says the same is written once a minute, so that no bridge looks silent after a restart', () => {
    const team = teamHost()
    report(team, ANN, [journal('a')])
    team.clock.advance(BRIDGE_HEARTBEAT_MS)
    report(team, ANN, [journal('a')])
    team.clock.advance(BRIDGE_SILENT_AFTER_MS - BRIDGE_HEARTBEAT_MS)
    expect(told(team.reopen(), ANN)[0]?.silent).toBe(false)
    team.clock.advance(BRIDGE_HEARTBEAT_MS)
    report(team, ANN, [journal('a')])
    expect(writtenAt(team)).toBe(team.clock.now())
    expect(events(team)).toHaveLength(1)
  })

  it('of a bridge that serves nobody makes it forgotten, and costs nothing if it was not known', () => {
    const team = teamHost()
    report(team, ANN, [])
    expect(tables(team.sql)).toEqual([])
    report(team, ANN, [journal('a')])
    report(team, ANN, [])
    expect(told(team, ANN)).toEqual([])
    expect(told(team.reopen(), ANN)).toEqual([])
    expect(events(team)).toHaveLength(2)
  })

  it('has room: one member replaces the own bridge heard least recently, and cannot drive out others', () => {
    const team = teamHost()
    report(team, BOB, [journal('b')])
    for (let n = 0; n <= MAX_SUBJECT_BRIDGES; n += 1) {
      team.clock.advance(SECOND)
      report(team, ANN, [journal('a')], `bridge-${n}`)
    }
    const names = told(team, ADMIN).map(({ bridge_id }) => bridge_id)
    expect(names).toHaveLength(MAX_SUBJECT_BRIDGES + 1)
    expect(names).toContain('laptop')
    expect(names).not.toContain('bridge-0')
  })

  it('has room in a full team at the cost of whoever has most', () => {
    const team = teamHost()
    report(team, BOB, [journal('b')], 'first')
    report(team, BOB, [journal('b')], 'second')
    for (let n = 2; n <= MAX_TEAM_BRIDGES; n += 1) report(team, member(`m-${n}`), [journal('x')])
    expect(told(team, BOB).map(({ bridge_id }) => bridge_id)).toEqual(['second'])
  })
})

describe('A bridge that is not heard any more', () => {
  it('is silent after a minute, which may cost two reports but not three', () => {
    expect(BRIDGE_SILENT_AFTER_MS).toBe(MINUTE)
    expect(BRIDGE_HEARTBEAT_MS + 2 * BRIDGE_REPORT_GAP_MS).toBeLessThan(BRIDGE_SILENT_AFTER_MS)
    const team = teamHost()
    report(team, ANN, [journal('a', { records: 2 })])
    team.clock.advance(MINUTE - 1)
    expect(told(team, ANN)[0]?.silent).toBe(false)
    team.clock.advance(1)
    expect(told(team, ANN)[0]).toMatchObject({
      silent: true,
      last_heard: '2026-03-01T09:00:00.000Z',
    })
  })

  it('is told as an event once when it falls silent, across restarts, too, and again when it is heard', () => {
    const team = teamHost()
    report(team, ANN, [journal('a')])
    expect(team.directory.notePassed()).toBe(team.clock.now() + MINUTE)
    team.clock.advance(MINUTE)
    expect(team.directory.notePassed()).toBe(Number.POSITIVE_INFINITY)
    expect(events(team)).toHaveLength(2)
    const again = team.reopen()
    again.directory.notePassed()
    expect(events(again)).toHaveLength(2)
    report(again, ANN, [journal('a')])
    expect(events(again)).toHaveLength(3)
    expect(told(again, ANN)[0]?.silent).toBe(false)
  })

  it('is told before those that hold nothing, also if it was not heard for long', () => {
    const team = teamHost()
    report(team, ANN, [journal('a', { records: 1 })], 'behind')
    for (const bridge_id of ['first', 'second']) {
      team.clock.advance(SECOND)
      report(team, ANN, [journal('a')], bridge_id)
    }
    const ids = told(team, ANN).map(({ bridge_id }) => bridge_id)
    expect(ids).toEqual(['behind', 'second', 'first'])
  })

  it('is told for a day if it was in step, and as long as sessions are kept if something waits there', () => {
    const team = teamHost()
    report(team, ANN, [journal('a')], 'in-step')
    report(team, ANN, [journal('a', { records: 1 })], 'behind')
    report(team, ANN, [journal('a', { refused: 1 })], 'stuck')
    team.clock.advance(DAY)
    const names = () => told(team, ANN).map(({ bridge_id }) => bridge_id)
    expect(names()).toEqual(['behind', 'stuck'])
    team.clock.advance(29 * DAY)
    expect(names()).toEqual([])
    report(team, BOB, [journal('b')])
    expect(store(team).bridges.all()).toHaveLength(1)
  })
})
