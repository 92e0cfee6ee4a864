// From the objects of clients to the team's directory: statistics are right once everything is quiet.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { ask, inStore, objectOf, openSession, reported } from '../support/engine-door.ts'
import { tables } from '../support/engine-rows.ts'

const DIRECTORY = env.TEAMS.getByName('local')

const statistics = async () => (await ask('get_session_statistics', {})).result

/** A row that the directory has heard of must be told again, as when its acknowledgement was lost. */
const loseAcknowledgements = (client_id: string) =>
  inStore(client_id, ({ sessions, transaction }) =>
    transaction(() => {
      for (const row of sessions.active(0)) {
        sessions.acknowledge({ ...row, sequence: row.sequence - 1, state_bytes: 0 })
      }
    })
  )

describe('get_session_statistics', () => {
  it('of a team without sessions stores nothing', async () => {
    expect(await statistics()).toMatchObject({ total_sessions: 0, active_clients: 0 })
    const stored = await runInDurableObject(DIRECTORY, (_, { storage }) =>
      tables(durableSql(storage))
    )
    expect(stored).toEqual([])
  })

  it('counts the sessions of all clients', async () => {
    const before = new Date().toISOString()
    const [first] = await openAll('counted-1', 3)
    await openAll('counted-2', 2)
    const [only] = await openAll('counted-3', 1)
    await ask('close_session', { session_id: first })
    await ask('close_session', { session_id: only })
    for (const client of ['counted-1', 'counted-2', 'counted-3']) await reported(client)
    const counted = await statistics()
    expect(counted).toMatchObject({
      total_sessions: 6,
      active_sessions: 4,
      closed_sessions: 2,
      expired_sessions: 0,
      orphaned_sessions: 0,
      active_clients: 2,
      images: 2,
      max_sessions_per_client: 5,
      default_timeout: 3600,
      cleanup_interval: 300,
      total_bytes: 6 * 7,
    })
    expect(String(counted.as_of) >= before).toBe(true)
    expect(String(counted.as_of) <= new Date().toISOString()).toBe(true)
  })

  it('hears of a changed size with the next look of the object', async () => {
    const session_id = await openSession('sized', { state_data: {} })
    await reported('sized')
    const { total_bytes } = await statistics()
    await ask('update_session_state', { session_id, state_data: { n: 12345 } })
    await runDurableObjectAlarm(objectOf('sized'))
    expect(await statistics()).toMatchObject({ total_bytes: Number(total_bytes) + 9 })
  })

  it('hears of what was not acknowledged from the alarm, even after a restart', async () => {
    await openSession('unheard')
    await reported('unheard')
    const counted = await statistics()
    await loseAcknowledgements('unheard')
    await evictDurableObject(objectOf('unheard'))
    expect(await runDurableObjectAlarm(objectOf('unheard'))).toBe(true)
    expect(await inStore('unheard', (store) => store.sessions.hasNews())).toBe(false)
    expect({ ...(await statistics()), as_of: '' }).toEqual({ ...counted, as_of: '' })
  })
})

async function openAll(client_id: string, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n += 1) {
    ids.push(await openSession(client_id, { image_id: client_id, state_data: { n } }))
  }
  return ids
}
