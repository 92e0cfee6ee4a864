// Images from end to end inside workerd: bridges report, clients' objects ask, and an admin cleans up for the team.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/session/limits.ts'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { createDirectory } from '../../src/team/directory.ts'
import { openDirectoryStore } from '../../src/team/directory-store.ts'
import { classNames } from '../support/class-names.ts'
import { ask, inStore, objectOf, openSession, reported } from '../support/engine-door.ts'
import { fixedClock, MINUTE, SECOND } from '../support/fixed-clock.ts'

const report = (image_id: string, status: string) =>
  ask('report_image_status', { image_id, status, address: 'tcp://localhost:5555' })

/** Lets so much time pass for an image, as if the directory and a client's object had slept through it. */
async function age(image_id: string, client_id: string, milliseconds: number): Promise<void> {
  const directory = env.TEAMS.getByName('local')
  await runInDurableObject(directory, (_, { storage }) => {
    storage.sql.exec(
      'UPDATE image SET last_seen = last_seen - ? WHERE image_id = ?',
      milliseconds,
      image_id
    )
  })
  await evictDurableObject(directory)
  await evictDurableObject(objectOf(client_id))
}

describe('A session on an image', () => {
  it('shows whether the image is there', async () => {
    await report('seen', 'Connected')
    const session_id = await openSession('ann', { image_id: 'seen' })
    const { result } = await ask('list_image_sessions', { client_id: 'ann', image_id: 'seen' })
    expect(result).toMatchObject({
      sessions: [{ session_id, orphaned: false, connection_status: 'Connected' }],
      images: [{ image_id: 'seen', address: 'localhost:5555', current_session_id: session_id }],
    })
  })

  it('is named apart in the audit log if it expired after its image had gone', async () => {
    const client_id = 'vanished-1'
    await report('vanished', 'Disconnected')
    const session_id = await openSession(client_id, { image_id: 'vanished' })
    await openSession(client_id, { image_id: 'not-reported' })
    await age('vanished', client_id, 6 * MINUTE)
    await runInDurableObject(objectOf(client_id), (_, { storage }) =>
      storage.sql.exec('UPDATE session SET expires_at = 1')
    )
    await runDurableObjectAlarm(objectOf(client_id))
    const { result } = await ask('get_audit_log', { client_id })
    expect(result.entries).toContainEqual(
      expect.objectContaining({
        action: 'cleanup',
        detail: { expired: 2, deleted: 0, orphaned: 1 },
      })
    )
    expect((await ask('get_session_info', { session_id })).result.status).toBe('expired')
    const { cleaned } = (await ask('get_session_statistics', {})).result
    expect(cleaned).toMatchObject({ expired: 2, deleted: 0, closed: 0 })
  })

  it('is counted for everybody in the team', async () => {
    await openSession('counted-1', { image_id: 'shared' })
    await openSession('counted-2', { image_id: 'shared' })
    for (const client of ['counted-1', 'counted-2']) await reported(client)
    const { result } = await ask('get_image_connection_status', { image_id: 'shared' })
    expect(result).toMatchObject({ session_count: 2, status: 'Unknown' })
  })
})

describe('scope team', () => {
  it('lists the sessions of all clients from what they have reported', async () => {
    for (const client of ['team-1', 'team-2', 'team-3']) {
      await openSession(client, { image_id: 'of-all', name: `of ${client}` })
      await reported(client)
    }
    const { result } = await ask('list_image_sessions', { scope: 'team', image_id: 'of-all' })
    expect(result).toMatchObject({
      total_count: 3,
      sessions: [
        { client_id: 'team-3', name: 'of team-3' },
        { client_id: 'team-2' },
        { client_id: 'team-1' },
      ],
      images: [{ image_id: 'of-all', session_count: 3 }],
    })
    expect(
      (await ask('get_image_session_stats', { scope: 'team', image_id: 'of-all' })).result
    ).toMatchObject({ total_sessions: 3, active_sessions: 3 })
  })

  it('cleans up for so many clients in one message, and for the rest with the cursor', async () => {
    const clients = Array.from({ length: 23 }, (_, n) => `clean-${String(n).padStart(2, '0')}`)
    for (const client of clients) {
      await openSession(client, { image_id: 'old' })
      await openSession(client, { image_id: 'young' })
      await reported(client)
    }
    const asked = { scope: 'team', image_id: 'old', preserve_active: false, force: true }
    const first = await ask('cleanup_image_sessions', asked)
    expect(first.result).toMatchObject({ sessions_cleaned: 20, next_cursor: 'clean-19' })
    const cursor = first.result.next_cursor
    const rest = await ask('cleanup_image_sessions', { ...asked, cursor })
    expect(rest.result).toMatchObject({ sessions_cleaned: 3, next_cursor: '' })
    for (const client of clients) await reported(client)
    const left = await ask('list_image_sessions', { scope: 'team', image_id: 'old' })
    expect(left.result).toMatchObject({ total_count: 0 })
    const others = await ask('list_image_sessions', { scope: 'team', image_id: 'young' })
    expect(others.result).toMatchObject({ total_count: 23 })
  })

  it('closes only what is orphaned, as the directory tells it to admins', async () => {
    const orphan = await openSession('orphan-1', { image_id: 'gone' })
    await openSession('orphan-2', { image_id: 'stays' })
    for (const client of ['orphan-1', 'orphan-2']) await reported(client)
    await report('gone', 'Disconnected')
    await report('stays', 'Connected')
    const tried = await ask('cleanup_image_sessions', { scope: 'team', image_id: 'gone' })
    expect(tried.result).toMatchObject({ sessions_cleaned: 0, sessions_remaining: 1 })
    await age('gone', 'orphan-1', 5 * MINUTE)
    await inStore('orphan-1', ({ sessions }) => {
      const last_activity = Date.now() - 6 * MINUTE
      sessions.change(sessions.find(orphan)?.number ?? 0, { last_activity })
    })
    const { result } = await ask('cleanup_image_sessions', { scope: 'team', image_id: 'gone' })
    expect(result).toMatchObject({ sessions_cleaned: 1, cleanup_details: { [orphan]: 'orphaned' } })
    const stays = await ask('cleanup_image_sessions', { scope: 'team', image_id: 'stays' })
    expect(stays.result).toMatchObject({ sessions_cleaned: 0, sessions_remaining: 1 })
    expect((await inStore('orphan-1', ({ sessions }) => sessions.find(orphan)))?.close_reason).toBe(
      'cleanup_image_sessions: orphaned'
    )
  })
})

describe('Reports of twenty images every five seconds', () => {
  it.each([
    ['that say nothing of their classes', {}],
    ['that say the same classes each time', { classes: classNames(1000) }],
  ])('%s write less than one row a second', async (team, more) => {
    const SECONDS = 600
    const written = await runInDurableObject(env.TEAMS.getByName(team), (_, { storage }) => {
      const counted = countingSql(storage)
      const clock = fixedClock()
      const store = openDirectoryStore(counted.sql, clock.now())
      const directory = createDirectory({ store, clock, limits: DEFAULT_LIMITS })
      const caller = { team: 'busy', subject: 'ann', client_ids: [] }
      const reportAll = () => {
        for (let n = 0; n < 20; n += 1) {
          const image = { image_id: `image ${n}`, status: 'Connected', round_trip_ms: n }
          const parameters = { ...image, ...more }
          directory.execute({ command: 'report_image_status', parameters, caller })
        }
      }
      reportAll()
      const before = counted.rowsWritten()
      for (let second = 5; second <= SECONDS; second += 5) {
        clock.advance(5 * SECOND)
        reportAll()
      }
      return counted.rowsWritten() - before
    })
    expect(written).toBe(20 * (SECONDS / 60))
    expect(written / SECONDS).toBeLessThan(1)
  })
})

/** The database of an object, with a count of the rows that SQLite says it wrote. */
function countingSql(storage: DurableObjectStorage) {
  let rows = 0
  const sql = durableSql(storage)
  return {
    rowsWritten: () => rows,
    sql: {
      ...sql,
      exec: ((query: string, ...bindings: (string | number | null | Uint8Array)[]) => {
        const cursor = storage.sql.exec(query, ...bindings)
        const all = cursor.toArray()
        rows += cursor.rowsWritten
        return all
      }) as typeof sql.exec,
    },
  }
}
