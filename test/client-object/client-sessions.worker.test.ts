// The object of a client, inside workerd.

import {
  evictDurableObject,
  listDurableObjectIds,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { ClientSessions } from '../../src/index.ts'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { ask, inStore, objectOf, openSession } from '../support/engine-door.ts'
import { tables } from '../support/engine-rows.ts'
import { DAY, MINUTE } from '../support/fixed-clock.ts'

const tablesOf = (client_id: string) =>
  runInDurableObject(objectOf(client_id), (_, { storage }) => tables(durableSql(storage)))

const alarmOf = (client_id: string) =>
  runInDurableObject(objectOf(client_id), (_, { storage }) => storage.getAlarm())

/** Moves everything that a client did into the past. */
const age = (client_id: string, milliseconds: number) =>
  inStore(client_id, ({ sessions, transaction }) =>
    transaction(() => {
      for (const { number, last_activity, expires_at } of sessions
        .unreported(100)
        .concat(sessions.active(0))) {
        sessions.change(number, {
          last_activity: last_activity - milliseconds,
          expires_at: expires_at - milliseconds,
        })
      }
    })
  )

describe('ClientSessions', () => {
  it('has no methods but these', () => {
    expect(Object.getOwnPropertyNames(ClientSessions.prototype)).toEqual([
      'constructor',
      'execute',
      'fetch',
      'rouse',
      'webSocketMessage',
      'webSocketClose',
      'alarm',
    ])
  })

  it('keeps state when it leaves memory', async () => {
    const session_id = await openSession('evicted', { state_data: { n: 1 } })
    await evictDurableObject(objectOf('evicted'))
    expect((await ask('restore_session', { session_id })).result).toMatchObject({
      session_state: { n: 1 },
      client_id: 'evicted',
    })
  })

  it('stores nothing for a client that nobody knows', async () => {
    expect((await ask('list_client_sessions', { client_id: 'unknown' })).result).toMatchObject({
      session_count: 0,
    })
    await ask('restore_session', { client_id: 'unknown', latest: true })
    await ask('create_session', { client_id: 'unknown', session_id: 'session_forged' })
    expect(await tablesOf('unknown')).toEqual([])
    expect(await alarmOf('unknown')).toBeNull()
  })

  it('is not even touched by a forged session id', async () => {
    const session_id = await openSession('original')
    const before = await listDurableObjectIds(env.CLIENTS)
    for (const forged of [session_id.replace(/.$/, '!'), `${session_id}0`, swapped(session_id)]) {
      for (const command of ['get_session_info', 'restore_session', 'close_session']) {
        expect((await ask(command, { session_id: forged })).error_code).toBe('session_not_found')
      }
    }
    expect(await listDurableObjectIds(env.CLIENTS)).toEqual(before)
  })

  it('keeps two clients apart, and two teams with equal client ids', async () => {
    const session_id = await openSession('shared')
    const parameters = { session_id }
    const foreign = await objectOf('shared', 'other').execute({
      command: 'get_session_info',
      parameters,
      caller: { team: 'other', subject: 'local', client_ids: [] },
    })
    const intruder = await objectOf('shared').execute({
      command: 'get_session_info',
      parameters,
      caller: { team: 'other', subject: 'local', client_ids: [] },
    })
    const notFound = { outcome: { ok: false, failure: { reason: 'session_not_found' } } }
    expect(foreign).toMatchObject(notFound)
    expect(intruder).toMatchObject(notFound)
    expect((await ask('get_session_info', { session_id, client_id: 'else' })).error_code).toBe(
      'session_not_found'
    )
  })
})

describe('The alarm of a client', () => {
  it('is set with the first session, within a minute', async () => {
    const before = Date.now()
    await openSession('alarmed')
    expect(await alarmOf('alarmed')).toBeGreaterThanOrEqual(before)
    expect(await alarmOf('alarmed')).toBeLessThanOrEqual(Date.now() + MINUTE)
  })

  it('expires sessions whose lease has ended', async () => {
    const session_id = await openSession('overdue')
    await age('overdue', 2 * MINUTE * 60)
    expect(await runDurableObjectAlarm(objectOf('overdue'))).toBe(true)
    const row = await inStore('overdue', (store) => store.sessions.find(session_id))
    expect(row).toMatchObject({ status: 'expired', reported: row?.sequence })
  })

  it('deletes sessions thirty days after their last activity, and then sleeps until its audit log is as old', async () => {
    const session_id = await openSession('forgotten', { state_data: { n: 1 } })
    await age('forgotten', 31 * DAY)
    await inStore('forgotten', (store) => store.answers.deleteUpTo(Date.now()))
    await runDurableObjectAlarm(objectOf('forgotten'))
    expect((await ask('restore_session', { session_id, revive: true })).error_code).toBe(
      'session_not_found'
    )
    expect(await inStore('forgotten', (store) => store.sessions.isTaken(session_id))).toBe(false)
    const auditEnds = Date.now() + 30 * DAY
    expect(await alarmOf('forgotten')).toBeGreaterThan(auditEnds)
    expect(await alarmOf('forgotten')).toBeLessThanOrEqual(auditEnds + 60 * MINUTE)
  })

  it('sets itself for the end of the next lease', async () => {
    const session_id = await openSession('leased', { timeout: 7200 })
    await runDurableObjectAlarm(objectOf('leased'))
    const row = await inStore('leased', (store) => store.sessions.find(session_id))
    expect(await alarmOf('leased')).toBe(row?.expires_at)
  })

  it('is not put off by commands to an object that has left memory since', async () => {
    const session_id = await openSession('busy')
    const soon = Date.now() + MINUTE / 2
    await runInDurableObject(objectOf('busy'), (_, { storage }) => storage.setAlarm(soon))
    await evictDurableObject(objectOf('busy'))
    await ask('update_session_state', { session_id, state_data: { n: 1 } })
    expect(await alarmOf('busy')).toBe(soon)
  })

  it('of an object that nobody used does nothing', async () => {
    await ask('list_client_sessions', { client_id: 'unused' })
    expect(await runDurableObjectAlarm(objectOf('unused'))).toBe(false)
  })
})

/** The same id with two different neighbours of its MAC in each other's place. */
function swapped(session_id: string): string {
  for (let at = session_id.length - 1; at > session_id.length - 10; at -= 1) {
    const [left = '', right = ''] = session_id.slice(at - 1, at + 1)
    if (left !== right) return session_id.slice(0, at - 1) + right + left + session_id.slice(at + 1)
  }
  return `${session_id}x`
}
