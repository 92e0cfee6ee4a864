// Watching a team over a WebSocket: each change of every client once and in order, across sleep and reconnections.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { type DirectoryStore, openDirectoryStore } from '../../src/team/directory-store.ts'
import { LEASE_MS, RENEW_MS } from '../../src/team/leases.ts'
import { inStore, objectOf } from '../support/engine-door.ts'
import { askForSocket, type Heard, sequences, types, watchWith } from '../support/watcher.ts'
import { newClient, run } from '../support/worker.ts'

const directory = () => env.TEAMS.getByName('local')

const inDirectory = <T>(work: (store: DirectoryStore) => T): Promise<T> =>
  runInDurableObject(directory(), (_, { storage }) =>
    work(openDirectoryStore(durableSql(storage), Date.now()))
  )

const watch = (after?: number) =>
  watchWith({ scope: 'team', ...(after !== undefined && { after: `${after}` }) })

const session = async (client_id: string) =>
  String((await run('create_session', { client_id })).session_id)

const update = (session_id: string, n: number) =>
  run('update_session_state', { session_id, state_data: { n } })

/** What is told of one client, as type and revision. */
const of = (client_id: string, heard: readonly Heard[]) =>
  heard
    .filter(({ data }) => 'client_id' in data && data.client_id === client_id)
    .map(({ type, data }) => `${type} ${'revision' in data && data.revision}`)

/** Until when the client's object knows that it is watched. */
const watchedUntil = (client_id: string) =>
  inStore(client_id, ({ clients }) => clients.teamWatch().until)

/** Resolves when the client was told that its team is watched. */
async function told(client_id: string): Promise<void> {
  for (let look = 0; look < 1000; look += 1) {
    if ((await inDirectory(({ leases }) => leases.until(client_id))) > 0) return
  }
  throw new Error('the client is not told')
}

describe('an admin who watches the team', () => {
  it('hears what happens to the sessions of all clients, each change once and in order', async () => {
    const [ann, bob] = [newClient(), newClient()]
    const watcher = await watch()
    const sessions = [await session(ann), await session(bob)]
    for (let n = 1; n <= 5; n += 1) for (const id of sessions) await update(id, n)
    await run('close_session', { session_id: sessions[0] })
    const heard = await watcher.until(14)
    const updates = [2, 3, 4, 5, 6].map((revision) => `session.updated ${revision}`)
    expect(of(ann, heard)).toEqual(['session.created 1', ...updates, 'session.closed 6'])
    expect(of(bob, heard)).toEqual(['session.created 1', ...updates])
    const first = (heard[0] as Heard).sequence
    expect(sequences(heard)).toEqual(Array.from({ length: 13 }, (_, index) => first + 1 + index))
    expect(heard[1]).toMatchObject({
      specversion: '1.0',
      source: '/teams/local',
      subject: sessions[0],
      data: { client_id: ann, status: 'active', image_id: '' },
    })
  })

  it('hears at once of a client that was there before', async () => {
    const client_id = newClient()
    const session_id = await session(client_id)
    const watcher = await watch()
    await update(session_id, 1)
    const heard = await watcher.until(2)
    expect(of(client_id, heard)).toEqual(['session.updated 2'])
  })

  it('begins behind the sequence that it names and misses nothing', async () => {
    const client_id = newClient()
    const before = await watch()
    const session_id = await session(client_id)
    await before.until(2)
    const after = before.heard.at(-1)?.sequence ?? 0
    before.socket.close()
    for (let n = 1; n <= 3; n += 1) await update(session_id, n)
    const watcher = await watch(after)
    await update(session_id, 4)
    const heard = await watcher.until(5)
    expect(sequences(heard)).toEqual([after + 1, after + 2, after + 3, after + 4])
    expect(of(client_id, heard)).toEqual([2, 3, 4, 5].map((n) => `session.updated ${n}`))
  })

  it('goes on where it was when the objects have slept', async () => {
    const client_id = newClient()
    const session_id = await session(client_id)
    const watcher = await watch()
    await update(session_id, 1)
    await watcher.until(2)
    await evictDurableObject(directory())
    await evictDurableObject(objectOf(client_id))
    await update(session_id, 2)
    const heard = await watcher.until(3)
    expect(of(client_id, heard)).toEqual(['session.updated 2', 'session.updated 3'])
  })

  it('hears of images whose status changes', async () => {
    const watcher = await watch()
    const report = (status: string) =>
      run('report_image_status', { image_id: 'pharo', status, address: 'localhost:5560' })
    await report('Connected')
    await report('Connected')
    await report('Disconnected')
    const heard = await watcher.until(3)
    expect(types(heard).slice(1)).toEqual(['image.changed', 'image.changed'])
    expect(heard[1]).toMatchObject({
      source: '/teams/local',
      subject: 'pharo',
      data: { image_id: 'pharo', image_status: 'Connected', connection_status: 'Connected' },
    })
    expect(heard[2]).toMatchObject({ data: { image_status: 'Disconnected' } })
  })

  it('hears nothing of what a session holds or is called', async () => {
    const watcher = await watch()
    const client_id = newClient()
    await run('create_session', { client_id, name: 'secret name', state_data: { a: 'secret' } })
    expect(JSON.stringify(await watcher.until(2))).not.toContain('secret')
  })

  it('is asked to connect again when the time of its socket is over', async () => {
    const watcher = await watch()
    await runInDurableObject(directory(), (_, state) => {
      for (const socket of state.getWebSockets()) {
        socket.serializeAttachment({ ...(socket.deserializeAttachment() as object), until: 1 })
      }
    })
    await runDurableObjectAlarm(directory())
    expect(await watcher.closing()).toEqual({ code: 4000, reason: 'connect again' })
  })

  it('is sent away if it says anything', async () => {
    const watcher = await watch()
    watcher.socket.send('hello')
    expect((await watcher.closing()).code).toBe(4100)
  })
})

describe('the clients of a team', () => {
  it('know that it is watched, and are told again before that ends', async () => {
    const client_id = newClient()
    await session(client_id)
    const watcher = await watch()
    await told(client_id)
    await inDirectory(({ leases }) => leases.put(client_id, Date.now() + RENEW_MS))
    await inStore(client_id, ({ clients }) =>
      clients.saveTeamWatch({ ...clients.teamWatch(), until: Date.now() + RENEW_MS })
    )
    await runDurableObjectAlarm(directory())
    expect(await watchedUntil(client_id)).toBeGreaterThan(Date.now() + LEASE_MS - RENEW_MS)
    watcher.socket.close()
  })
})

describe('a request for the socket of a team', () => {
  it.each([
    [{ scope: 'everything' }, 400],
    [{ scope: 'team', after: 'x' }, 400],
  ])('is refused where it is wrong: %j', async (query, status) => {
    expect((await askForSocket(query)).status).toBe(status)
  })
})
