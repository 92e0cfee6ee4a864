// The audit log in the object of a client: when rows are written, and for whom nothing is.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Call, Reply } from '../../src/protocol/call.ts'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { ask, inStore, objectOf, openSession } from '../support/engine-door.ts'
import { dump, tables } from '../support/engine-rows.ts'
import { MINUTE } from '../support/fixed-clock.ts'

const STRANGER = { team: 'local', subject: 'stranger', client_ids: [] }

const dumpOf = (client_id: string) =>
  runInDurableObject(objectOf(client_id), (_, { storage }) => dump(durableSql(storage)))

/** When the alarm is set for, once it is. */
async function alarmOf(client_id: string) {
  for (let look = 0; look < 1000; look += 1) {
    const alarm = await runInDurableObject(objectOf(client_id), (_, { storage }) =>
      storage.getAlarm()
    )
    if (alarm !== null) return alarm
    await scheduler.wait(0)
  }
  throw new Error('the alarm was never set')
}

/** The rows of a client's log, once there are so many. */
async function audited(client_id: string, count: number) {
  for (let look = 0; look < 1000; look += 1) {
    const rows = await inStore(client_id, (store) => store.audit.all())
    if (rows.length >= count) return rows
    // Timers have their turn only when nobody asks.
    await scheduler.wait(0)
  }
  throw new Error('the row was never written')
}

const listing = (client_id: string): Call => ({
  command: 'list_client_sessions',
  parameters: { client_id },
  caller: STRANGER,
})

describe('The audit log of a client', () => {
  it('is there with the first session', async () => {
    const session_id = await openSession('audited')
    const { result } = await ask('get_audit_log', { client_id: 'audited' })
    expect(result).toMatchObject({
      entries: [
        { action: 'ownership', actor: 'local', address: 'local' },
        { action: 'session_created', session_id },
      ],
      chain_ok: true,
    })
  })

  it('gets the row of a refusal after the answer, and nothing before', async () => {
    const session_id = await openSession('refusing')
    const seen = await runInDurableObject(objectOf('refusing'), async (object, { storage }) => {
      const before = dump(durableSql(storage))
      const caller = { ...STRANGER, subject: 'local' }
      const call: Call = { command: 'close_session', parameters: { session_id: 'x' }, caller }
      const reply = (object as unknown as { execute(call: Call): Reply }).execute(call)
      return { isRefused: !reply.outcome.ok, isSame: dump(durableSql(storage)) === before }
    })
    expect(seen).toEqual({ isRefused: true, isSame: true })
    const rows = await audited('refusing', 3)
    expect(rows.at(-1)).toMatchObject({ action: 'refused', outcome: 'session_not_found' })
    expect(rows.at(-1)?.session_id).not.toBe(session_id)
  })

  it('tells of strangers, who are told nothing of it', async () => {
    await openSession('visited')
    const there = await objectOf('visited').execute(listing('visited'))
    const nowhere = await objectOf('unvisited').execute(listing('unvisited'))
    expect(JSON.stringify(there)).toBe(JSON.stringify(nowhere).replaceAll('unvisited', 'visited'))
    expect((await audited('visited', 3)).at(-1)).toMatchObject({
      actor: 'stranger',
      action: 'refused',
      outcome: 'client_not_allowed',
    })
    const { storedTables, alarm } = await runInDurableObject(
      objectOf('unvisited'),
      async (_, { storage }) => ({
        storedTables: tables(durableSql(storage)),
        alarm: await storage.getAlarm(),
      })
    )
    expect(storedTables).toEqual([])
    expect(alarm).toBeNull()
  })

  it('has an alarm set for what the object still keeps in mind', async () => {
    await openSession('pressed')
    await runInDurableObject(objectOf('pressed'), (_, { storage }) => storage.deleteAlarm())
    await evictDurableObject(objectOf('pressed'))
    await objectOf('pressed').execute(listing('pressed'))
    await audited('pressed', 3)
    const before = await dumpOf('pressed')
    for (let n = 0; n < 5; n += 1) await objectOf('pressed').execute(listing('pressed'))
    expect(await dumpOf('pressed')).toBe(before)
    expect(await alarmOf('pressed')).toBeLessThanOrEqual(Date.now() + MINUTE)
  })

  it('is not touched by a restore of a lease that is fresh', async () => {
    const session_id = await openSession('restored')
    await runInDurableObject(objectOf('restored'), (_, { storage }) => storage.sync())
    const before = await dumpOf('restored')
    await ask('restore_session', { session_id })
    await ask('get_audit_log', { client_id: 'restored' })
    const rowsAfter = (dumped: string) =>
      dumped.split('\n').filter((row) => /^audit|^client/.test(row))
    expect(rowsAfter(await dumpOf('restored'))).toEqual(rowsAfter(before))
  })
})
