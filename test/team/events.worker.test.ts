// Watching a team over a WebSocket: each change of every client once and in order, across sleep and reconnections.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openingRequest } from '../../src/events/watch.ts'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { type DirectoryStore, openDirectoryStore } from '../../src/team/directory-store.ts'
import { LEASE_MS, RENEW_MS } from '../../src/team/leases.ts'
import { startDoor } from '../support/authenticating-door.ts'
import { inStore, objectOf } from '../support/engine-door.ts'
import { summaryOf } from '../support/summary.ts'
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

  it('hears of images that are started anew', async () => {
    const watcher = await watch()
    const report = (epoch: string) =>
      run('report_image_status', { image_id: 'restarts', status: 'Connected', epoch })
    await report('morning')
    await report('morning')
    await report('noon')
    const heard = await watcher.until(3)
    expect(types(heard).slice(1)).toEqual(['image.changed', 'image.restarted'])
    expect(heard[2]).toMatchObject({ subject: 'restarts', data: { epoch: 'noon' } })
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

describe('a member who watches the team', () => {
  const HOUR = 3_600_000

  /** A team of its own, whose directory is asked directly: who somebody is is the door's business. */
  function scene() {
    const team = newClient()
    const object = env.TEAMS.getByName(team)
    const watchAs = (subject: string, after?: number) => {
      const watch = {
        ...{ team, subject, role: 'member' as const, covers: false, request_id: 'r' },
        ...{
          until: Date.now() + HOUR,
          untilTokenEnds: false,
          ...(after !== undefined && { after }),
        },
      }
      const request = openingRequest({ watch, from: 'x' })
      return watchWith({}, { door: { fetch: () => object.fetch(request) } })
    }
    const report = async (subject: string, status: string) => {
      const caller = { team, subject, client_ids: [] }
      const parameters = { image_id: 'pharo', status }
      const { outcome } = await object.execute({
        ...{ command: 'report_image_status', parameters, caller },
      })
      expect(outcome.ok).toBe(true)
    }
    /** As if the image had been reported last so long ago. */
    const silentFor = async (milliseconds: number) => {
      await runInDurableObject(object, (_, { storage }) => {
        const last = Date.now() - milliseconds
        storage.sql.exec('UPDATE image SET last_report = ?, last_seen = ?', last, last)
      })
      await evictDurableObject(object)
    }
    return { object, watchAs, report, silentFor }
  }

  const statuses = (heard: readonly Heard[]) =>
    heard.slice(1).map(({ data }) => 'image_status' in data && data.image_status)

  it('hears of images alone, with sequences that have gaps', async () => {
    const { object, watchAs, report } = scene()
    const watcher = await watchAs('ann')
    await report('ann', 'Connected')
    await object.report({ client_id: 'someone', owner: 'someone', sessions: [summaryOf('1')] })
    await report('ann', 'Disconnected')
    const heard = await watcher.until(3)
    expect(types(heard)).toEqual(['stream.opened', 'image.changed', 'image.changed'])
    expect(sequences(heard)).toEqual([1, 3])
    expect(statuses(await (await watchAs('ann', 0)).until(3))).toEqual([
      'Connected',
      'Disconnected',
    ])
  })

  it("hears what their own bridges see, and of others' only where there are none of theirs", async () => {
    const { watchAs, report } = scene()
    const [ann, bob] = [await watchAs('ann'), await watchAs('bob')]
    await report('ann', 'Connected')
    await report('evil', 'Disconnected')
    await report('ann', 'Disconnected')
    expect(statuses(await bob.until(4))).toEqual(['Connected', 'Connected', 'Disconnected'])
    expect(statuses(ann.heard)).toEqual(['Connected', 'Disconnected'])
  })

  it('hears what becomes of an image by time alone, of their own orphaned, of others’ not', async () => {
    const { object, watchAs, report, silentFor } = scene()
    const [ann, bob] = [await watchAs('ann'), await watchAs('bob')]
    await report('ann', 'Connected')
    await silentFor(100_000)
    await runDurableObjectAlarm(object)
    await ann.until(3)
    await silentFor(400_000)
    await runDurableObjectAlarm(object)
    expect(statuses(await ann.until(4))).toEqual(['Connected', 'Disconnected', 'Orphaned'])
    expect(statuses(await bob.until(4))).toEqual(['Connected', 'Disconnected', 'Disconnected'])
  })

  it('has the directory look again when an image may change next, and keeps no client awake', async () => {
    const { object, watchAs, report } = scene()
    await object.report({ client_id: 'someone', owner: 'someone', sessions: [summaryOf('1')] })
    await watchAs('ann')
    await report('ann', 'Connected')
    const alarm = await runInDurableObject(object, (_, { storage }) => storage.getAlarm())
    expect(alarm).toBeLessThan(Date.now() + 11_000)
    const { watched_until } = await object.report({
      client_id: 'someone',
      owner: 'someone',
      sessions: [],
    })
    expect(watched_until).toBe(0)
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
  it('is granted to members, whatever clients they may use, and to nobody without a token', async () => {
    const { door, token } = await startDoor()
    for (const user of ['enzo', 'frida', 'kiosk'] as const) {
      const { status } = await askForSocket({ scope: 'team' }, { door, token: await token(user) })
      expect([user, status]).toEqual([user, 101])
    }
    expect((await askForSocket({ scope: 'team' }, { door })).status).toBe(401)
  })

  it.each([
    [{ scope: 'everything' }, 400],
    [{ scope: 'team', after: 'x' }, 400],
  ])('is refused where it is wrong: %j', async (query, status) => {
    expect((await askForSocket(query)).status).toBe(status)
  })
})
