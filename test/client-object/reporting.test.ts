// What a client's object tells its team's directory, and what it does when nobody listens.

import { describe, expect, it } from 'vitest'
import { createReporting } from '../../src/client-object/reporting.ts'
import { ALL_IMAGES } from '../../src/image/listing.ts'
import { unreported } from '../../src/image/record.ts'
import { cleanup } from '../../src/session/cleanup.ts'
import { DEFAULT_LIMITS } from '../../src/session/limits.ts'
import { createDirectory } from '../../src/team/directory.ts'
import { openDirectoryStore } from '../../src/team/directory-store.ts'
import type { Report } from '../../src/team/report.ts'
import { type EngineHost, engineHost } from '../support/engine-host.ts'
import { create, update } from '../support/engine-sessions.ts'
import { DAY, HOUR, MINUTE, SECOND, START } from '../support/fixed-clock.ts'
import { openNodeSql } from '../support/node-sql.ts'
import { summaryOf } from '../support/summary.ts'

/** A client whose directory can be cut off, and answers when a test lets it. */
function scene() {
  const host = engineHost(openNodeSql())
  const store = openDirectoryStore(openNodeSql(), host.clock.now())
  const team = { isWatched: false }
  const directory = createDirectory({
    ...{ store, clock: host.clock, limits: DEFAULT_LIMITS },
    isWatched: () => team.isWatched,
  })
  const reports: Report[] = []
  const link = { isDown: false, isLosingAnswers: false, gate: Promise.resolve() }
  const stub = {
    execute: async (call: Parameters<typeof directory.execute>[0]) => directory.execute(call),
    imagesOf: async (wanted: Parameters<typeof directory.imagesOf>[0]) =>
      directory.imagesOf(wanted),
    clientsOf: async () => [],
    report: async (report: Report) => {
      await link.gate
      if (link.isDown) throw new Error('the directory cannot be reached')
      reports.push(report)
      const answer = directory.report(report)
      if (link.isLosingAnswers) throw new Error('the answer got lost')
      return answer
    },
  }
  const again = () =>
    createReporting({ store: host.store, clock: host.clock, directoryOf: () => stub })
  const reporting = again()
  return {
    ...{ host, reporting, again, link, reports, team },
    totals: () => store.sessions.totals(),
    cleaned: () => store.cleaned.of(ALL_IMAGES),
    /** What a watcher of the team hears: type and revision of each event. */
    heard: () => store.events.after(0, 1000).map(({ type, revision }) => `${type} ${revision}`),
    sequences: () => store.events.after(0, 1000).map(({ sequence }) => sequence),
  }
}

describe('Reporting', () => {
  it('has nothing to tell of an object that nobody used', async () => {
    const { reporting, reports } = scene()
    expect(await reporting.flush()).toBe(true)
    expect(reports).toEqual([])
  })

  it('tells whole rows, once', async () => {
    const { host, reporting, reports } = scene()
    const session_id = create(host, {
      image_id: 'pharo',
      image_address: 'tcp://localhost:5555',
      state_data: { n: 1 },
    })
    expect(await reporting.flush()).toBe(true)
    expect(await reporting.flush()).toBe(true)
    const summary = summaryOf('', {
      session_id,
      image_id: 'pharo',
      image_address: 'localhost:5555',
      expires_at: START + HOUR,
      bytes: 7,
    })
    expect(reports).toEqual([{ client_id: 'client_001', owner: 'local', sessions: [summary] }])
  })

  it('keeps what it could not tell, and tells it later', async () => {
    const { host, reporting, link, totals } = scene()
    create(host)
    link.isDown = true
    expect(await reporting.flush()).toBe(false)
    expect(host.store.sessions.hasNews()).toBe(true)
    host.done('close_session', { session_id: create(host) })
    link.isDown = false
    expect(await reporting.flush()).toBe(true)
    expect(host.store.sessions.hasNews()).toBe(false)
    expect(totals()).toMatchObject({ active: 1, closed: 1, active_clients: 1 })
  })

  it('does not take for told what changed while it was telling', async () => {
    const { host, reporting, link, reports, totals } = scene()
    const session_id = create(host)
    const opened = Promise.withResolvers<void>()
    link.gate = opened.promise
    const flushed = reporting.flush()
    host.done('close_session', { session_id })
    opened.resolve()
    expect(await flushed).toBe(true)
    expect(reports.map(({ sessions }) => sessions.map(({ status }) => status))).toEqual([
      ['active'],
      ['closed'],
    ])
    expect(totals()).toMatchObject({ active: 0, closed: 1 })
  })

  it('runs one report at a time', async () => {
    const { host, reporting, reports } = scene()
    create(host)
    await Promise.all([reporting.flush(), reporting.flush(), reporting.flush()])
    expect(reports).toHaveLength(1)
  })

  it('tells a changed size without being asked to hurry', async () => {
    const { host, reporting, totals } = scene()
    const session_id = create(host)
    await reporting.flush()
    update(host, session_id, { n: 1 })
    expect(host.store.sessions.hasNews()).toBe(false)
    await reporting.flush()
    expect(totals()).toMatchObject({ bytes: 7 })
  })

  it('tells that a session is in use without being asked to hurry', async () => {
    const { host, reporting, reports } = scene()
    const session_id = create(host)
    await reporting.flush()
    host.clock.advance(5 * MINUTE)
    host.done('restore_session', { session_id })
    expect(host.store.sessions.hasNews()).toBe(false)
    await reporting.flush()
    const now = host.clock.now()
    expect(reports.at(-1)?.sessions).toMatchObject([
      { last_activity: now, expires_at: now + HOUR, sequence: 1 },
    ])
    await reporting.flush()
    expect(reports).toHaveLength(2)
  })

  it('tells more sessions than fit into one report', async () => {
    const { host, reporting, reports, totals } = scene()
    closeMany(host, 120)
    expect(await reporting.flush()).toBe(true)
    expect(reports.map(({ sessions }) => sessions.length)).toEqual([50, 50, 20])
    expect(totals()).toMatchObject({ closed: 120 })
  })

  it('keeps the bare row of a deleted session until the directory has heard of it', async () => {
    const { host, reporting, link, totals } = scene()
    const session_id = create(host)
    await reporting.flush()
    host.clock.advance(30 * DAY)
    link.isDown = true
    cleanup(host.store, host.limits, host.clock.now())
    await reporting.flush()
    expect(host.store.sessions.isTaken(session_id)).toBe(true)
    link.isDown = false
    await reporting.flush()
    expect(host.store.sessions.isTaken(session_id)).toBe(false)
    expect(totals()).toMatchObject({ active: 0, expired: 0, closed: 0 })
  })

  it('tells what cleanups did, so that the team counts each session once, however often it is told', async () => {
    const { host, reporting, link, cleaned } = scene()
    const [away, closed] = [create(host, { image_id: 'away' }), create(host)]
    await reporting.flush()
    const now = host.clock.now()
    host.clock.advance(10 * MINUTE)
    const gone = { ...unreported('away', now), reported_status: 'Disconnected' } as const
    const asked = { client_id: 'client_001', image_id: 'away' }
    host.done('cleanup_image_sessions', asked, { images: () => [gone] })
    host.done('close_session', { session_id: closed })
    link.isLosingAnswers = true
    expect(await reporting.flush()).toBe(false)
    link.isLosingAnswers = false
    await reporting.flush()
    expect(cleaned()).toMatchObject({ expired: 0, deleted: 0, closed: 1, orphaned: 1 })
    host.done('restore_session', { session_id: away, revive: true })
    host.clock.advance(HOUR)
    cleanup(host.store, host.limits, host.clock.now())
    await reporting.flush()
    expect(cleaned()).toMatchObject({ expired: 1, deleted: 0, closed: 1 })
    host.clock.advance(30 * DAY)
    cleanup(host.store, host.limits, host.clock.now())
    await reporting.flush()
    expect(cleaned()).toMatchObject({ expired: 1, deleted: 2, closed: 1, orphaned: 1 })
  })

  it('tells of expiry, revival and a move to another image', async () => {
    const { host, reporting, reports } = scene()
    const session_id = create(host)
    host.clock.advance(HOUR)
    cleanup(host.store, host.limits, host.clock.now())
    await reporting.flush()
    host.done('restore_session', { session_id, revive: true })
    await reporting.flush()
    host.done('update_session_state', { session_id, image_id: 'pharo' })
    await reporting.flush()
    expect(
      reports.flatMap(({ sessions }) => sessions.map(({ status, image_id }) => [status, image_id]))
    ).toEqual([
      ['expired', ''],
      ['active', ''],
      ['active', 'pharo'],
    ])
  })
})

describe('While somebody watches the team', () => {
  it('each event is reported once and in order, and something is always due', async () => {
    const { host, reporting, reports, heard } = scene()
    const session_id = create(host)
    expect(await reporting.rouse(host.clock.now() + HOUR)).toBe(true)
    for (let n = 1; n <= 3; n += 1) update(host, session_id, { n })
    expect(reporting.isDue()).toBe(true)
    await reporting.flush()
    await reporting.flush()
    expect(heard()).toEqual([
      'session.created 1',
      'session.updated 2',
      'session.updated 3',
      'session.updated 4',
    ])
    expect(reports.map(({ events }) => events?.length)).toEqual([undefined, 3])
  })

  it('it says so with the answer to a report', async () => {
    const { host, reporting, link, team, heard } = scene()
    const opened = Promise.withResolvers<void>()
    link.gate = opened.promise
    team.isWatched = true
    const session_id = create(host)
    const flushed = reporting.flush()
    update(host, session_id, { n: 1 })
    update(host, session_id, { n: 2 })
    opened.resolve()
    await flushed
    expect(reporting.isDue()).toBe(true)
    expect(heard()).toEqual(['session.created 1', 'session.updated 2', 'session.updated 3'])
  })

  it('a report whose answer got lost is told again, and heard once', async () => {
    const { host, reporting, link, reports, heard, sequences } = scene()
    const session_id = create(host)
    await reporting.rouse(host.clock.now() + HOUR)
    update(host, session_id, { n: 1 })
    link.isLosingAnswers = true
    expect(await reporting.flush()).toBe(false)
    link.isLosingAnswers = false
    update(host, session_id, { n: 2 })
    await reporting.flush()
    expect(reports.map(({ events }) => events?.length)).toEqual([undefined, 1, 2])
    expect(sequences()).toEqual([1, 2, 3])
    expect(heard()).toEqual(['session.created 1', 'session.updated 2', 'session.updated 3'])
  })

  it('a client that was told goes on where it was after it left memory', async () => {
    const { host, reporting, again, heard } = scene()
    const session_id = create(host)
    await reporting.rouse(host.clock.now() + HOUR)
    update(host, session_id, { n: 1 })
    update(host, session_id, { n: 2 })
    const later = again()
    expect(later.isDue()).toBe(true)
    await later.flush()
    expect(heard()).toEqual(['session.created 1', 'session.updated 2', 'session.updated 3'])
  })

  it('and afterwards reports are as rare as before', async () => {
    const { host, reporting, heard } = scene()
    const session_id = create(host)
    await reporting.rouse(host.clock.now() + HOUR / 2)
    host.clock.advance(HOUR / 2)
    update(host, session_id, { n: 1 })
    update(host, session_id, { n: 2 })
    expect(reporting.isDue()).toBe(false)
    await reporting.flush()
    expect(heard()).toEqual(['session.created 1', 'session.updated 3'])
  })

  it('events that take more than one report are all told, even if nobody watches any more behind the first', async () => {
    const { host, reporting, link, heard } = scene()
    const session_id = create(host)
    await reporting.rouse(host.clock.now() + HOUR / 2)
    for (let n = 1; n <= 130; n += 1) {
      update(host, session_id, { n })
      host.clock.advance(SECOND)
    }
    const opened = Promise.withResolvers<void>()
    link.gate = opened.promise
    const flushed = reporting.flush()
    host.clock.advance(HOUR / 2)
    opened.resolve()
    expect(await flushed).toBe(true)
    expect(heard()).toHaveLength(131)
    expect(heard().at(-1)).toBe('session.updated 131')
  })

  it('a client that nobody used is told nothing', async () => {
    const { host, reporting } = scene()
    expect(await reporting.rouse(host.clock.now() + HOUR)).toBe(true)
    expect(reporting.isDue()).toBe(false)
  })
})

function closeMany(host: EngineHost, count: number): void {
  for (let n = 0; n < count; n += 1) {
    host.done('close_session', { session_id: create(host) })
    host.clock.advance(6000)
  }
}
