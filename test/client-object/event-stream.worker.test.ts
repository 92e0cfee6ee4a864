// Watching a client over a WebSocket: every change once and in order, across reconnections and the object's sleep.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/protocol/event.ts'
import { inStore, objectOf } from '../support/engine-door.ts'
import { sequences, types, watchWith } from '../support/watcher.ts'
import { newClient, post, run, WORKER } from '../support/worker.ts'

const watch = (client_id: string, after?: number) =>
  watchWith({ client_id, ...(after !== undefined && { after: `${after}` }) })

async function session(client_id: string): Promise<string> {
  return String((await run('create_session', { client_id })).session_id)
}

const update = (session_id: string, n: number) =>
  run('update_session_state', { session_id, state_data: { n } })

describe('somebody who watches a client', () => {
  it('hears what happens to its sessions, each change once and in order', async () => {
    const client_id = newClient()
    const watcher = await watch(client_id)
    const session_id = await session(client_id)
    await update(session_id, 1)
    await update(session_id, 1)
    await run('update_session_state', { session_id, image_id: 'pharo', state_data: { n: 1 } })
    await run('close_session', { session_id })
    await run('restore_session', { session_id, revive: true })
    const heard = await watcher.until(7)
    expect(types(heard)).toEqual([
      'stream.opened',
      'session.created',
      'session.updated',
      'session.renewed',
      'session.moved',
      'session.closed',
      'session.revived',
    ])
    expect(sequences(heard)).toEqual([1, 2, 3, 4, 5, 6])
    expect(heard[4]).toMatchObject({
      specversion: '1.0',
      source: `/clients/${client_id}`,
      subject: session_id,
      data: { client_id, session_id, revision: 3, status: 'active', image_id: 'pharo' },
    })
  })

  it('hears nothing of what a session holds or is called', async () => {
    const client_id = newClient()
    const watcher = await watch(client_id)
    await run('create_session', { client_id, name: 'secret name', state_data: { a: 'secret' } })
    expect(JSON.stringify(await watcher.until(2))).not.toContain('secret')
  })

  it('begins behind the sequence that it names and misses nothing', async () => {
    const client_id = newClient()
    const session_id = await session(client_id)
    for (let n = 1; n <= 4; n += 1) await update(session_id, n)
    const watcher = await watch(client_id, 2)
    await update(session_id, 5)
    const heard = await watcher.until(5)
    expect(heard[0]).toMatchObject({ type: 'stream.opened', sequence: 5, data: { missed: false } })
    expect(sequences(heard)).toEqual([3, 4, 5, 6])
  })

  it('hears only what is new if it names no sequence', async () => {
    const client_id = newClient()
    const session_id = await session(client_id)
    const watcher = await watch(client_id)
    await update(session_id, 1)
    expect(sequences(await watcher.until(2))).toEqual([2])
  })

  it('is told when events were missed that are no longer kept', async () => {
    const client_id = newClient()
    const session_id = await session(client_id)
    await update(session_id, 1)
    await inStore(client_id, ({ events }) => events.deleteUpTo(1))
    const watcher = await watch(client_id, 0)
    const heard = await watcher.until(2)
    expect(heard[0]).toMatchObject({ data: { missed: true } })
    expect(sequences(heard)).toEqual([2])
  })

  it('hears of a lease that ended', async () => {
    const client_id = newClient()
    const session_id = await session(client_id)
    const watcher = await watch(client_id)
    await inStore(client_id, ({ sessions }) => {
      sessions.change(sessions.find(session_id)?.number ?? 0, { expires_at: Date.now() - 1 })
      sessions.takeTouched()
    })
    await runDurableObjectAlarm(objectOf(client_id))
    expect((await watcher.until(2))[1]).toMatchObject({
      type: 'session.expired',
      data: { status: 'expired' },
    })
  })

  it('goes on where it was when the object has slept', async () => {
    const client_id = newClient()
    const session_id = await session(client_id)
    const watcher = await watch(client_id, 0)
    await watcher.until(2)
    await evictDurableObject(objectOf(client_id))
    await update(session_id, 1)
    expect(sequences(await watcher.until(3))).toEqual([1, 2])
  })

  it('is answered when it asks whether the link is alive', async () => {
    const { socket } = await watch(newClient())
    const answered = new Promise<string>((resolve) =>
      socket.addEventListener('message', ({ data }) => data === 'pong' && resolve(data))
    )
    socket.send('ping')
    expect(await answered).toBe('pong')
  })

  it('is sent away if it says anything else', async () => {
    const watcher = await watch(newClient())
    watcher.socket.send('{"command":"ping"}')
    expect(await watcher.closing()).toEqual({
      code: 4100,
      reason: 'this socket only tells: send commands to /v1/messages',
    })
  })

  it('is asked to connect again when the time of its socket is over', async () => {
    const client_id = newClient()
    await session(client_id)
    const watcher = await watch(client_id)
    await watcher.until(1)
    await runInDurableObject(objectOf(client_id), (_, state) => {
      for (const socket of state.getWebSockets()) {
        socket.serializeAttachment({ ...(socket.deserializeAttachment() as object), until: 1 })
      }
    })
    await runDurableObjectAlarm(objectOf(client_id))
    expect(await watcher.closing()).toEqual({ code: 4000, reason: 'connect again' })
  })

  it('may have eight sockets, and is told to wait for a ninth', async () => {
    const client_id = newClient()
    for (let n = 0; n < 8; n += 1) await watch(client_id)
    const request = new Request(`http://localhost/v1/events?client_id=${client_id}`, {
      headers: { upgrade: 'websocket' },
    })
    const refused = await WORKER.fetch(request)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  })
})

describe('a request for a socket', () => {
  const ask = async (path: string, headers: Record<string, string> = { upgrade: 'websocket' }) => {
    const response = await WORKER.fetch(new Request(`http://localhost${path}`, { headers }))
    return { status: response.status, reply: await response.json() }
  }

  it('without an upgrade is told about get_events', async () => {
    expect(await ask('/v1/events?client_id=c', {})).toMatchObject({
      status: 426,
      reply: { error: expect.stringContaining('get_events') },
    })
  })

  it.each([
    ['/v1/events', 'missing_parameter'],
    ['/v1/events?client_id=%2F', 'invalid_client_id'],
    ['/v1/events?client_id=c&after=x', 'invalid_parameter'],
    ['/v1/events?client_id=c&after=-1', 'invalid_parameter'],
  ])('is refused where it is wrong: %s', async (path, error_code) => {
    expect(await ask(path)).toMatchObject({ status: 400, reply: { error_code } })
  })
})

describe('get_events', () => {
  it('tells the same in pages', async () => {
    const client_id = newClient()
    const session_id = await session(client_id)
    for (let n = 1; n <= 3; n += 1) await update(session_id, n)
    const first = await run('get_events', { client_id, limit: 3 })
    expect(first).toMatchObject({ next_after: 3, latest: 4, missed: false })
    const second = await run('get_events', { client_id, after: first.next_after })
    const events = [...(first.events as Event[]), ...(second.events as Event[])]
    const watcher = await watch(client_id, 0)
    expect((await watcher.until(5)).slice(1)).toEqual(events)
  })

  it('tells nothing of a client that nobody knows', async () => {
    expect(await run('get_events', { client_id: newClient(), after: 7 })).toMatchObject({
      events: [],
      latest: 0,
    })
  })

  it('does not take commands on the path of the sockets', async () => {
    expect((await post('{"id":1}')).status).toBe(400)
  })
})
