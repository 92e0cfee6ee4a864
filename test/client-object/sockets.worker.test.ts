// Sockets that go wrong, and what opening one costs: nothing that a socket does keeps a command from being answered, and
// watching is limited, logged and audited like asking.

import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, it } from 'vitest'
import { POSITIVE_MS } from '../../src/access/verdict-cache.ts'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { openStore } from '../../src/storage/store.ts'
import { AUTH_SETTINGS, startDoor } from '../support/authenticating-door.ts'
import { inStore, objectOf } from '../support/engine-door.ts'
import { fixedClock, SECOND } from '../support/fixed-clock.ts'
import { askForSocket, sequences, type Through, watchWith } from '../support/watcher.ts'
import { ask, logged, newClient, run, workerWith } from '../support/worker.ts'

const TEAM = 'atelier'

/** A socket that is left open keeps this test's own door from ending. */
const open: WebSocket[] = []

afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})

async function watch(client_id: string, through?: Through, more: Record<string, string> = {}) {
  const watcher = await watchWith({ client_id, ...more }, through)
  open.push(watcher.socket)
  return watcher
}

/** What the sockets of a client's object have been given to keep. */
const attachments = (client_id: string, team?: string) =>
  runInDurableObject(objectOf(client_id, team), (_, state) =>
    state.getWebSockets().map((socket) => socket.deserializeAttachment() as { until: number })
  )

/** Makes the object forget what it knows of its first socket. */
const spoil = (client_id: string, kept: unknown) =>
  runInDurableObject(objectOf(client_id), (_, state) => {
    state.getWebSockets()[0]?.serializeAttachment(kept)
  })

/** The rows of a client's audit log, once there are so many. */
async function audited(client_id: string, count: number) {
  for (let look = 0; look < 1000; look += 1) {
    const rows = await runInDurableObject(objectOf(client_id, TEAM), (_, { storage }) =>
      openStore(durableSql(storage), Date.now()).audit.all()
    )
    if (rows.length >= count) return rows
    // Timers have their turn only when nobody asks.
    await scheduler.wait(0)
  }
  throw new Error('the row was never written')
}

/** A door at which everybody has one token, with these claims. */
function doorFor(claims: object) {
  const clock = fixedClock()
  const { STUI_API_ISSUER: iss, STUI_API_AUDIENCE: aud } = AUTH_SETTINGS.introspection
  const known = { active: true, iss, aud, sub: 'user-frida', team: TEAM, ...claims }
  const fetch = () => Promise.resolve(Response.json(known))
  return { token: 'opaque', door: workerWith(AUTH_SETTINGS.introspection, { clock, fetch }) }
}

describe('A socket is opened', () => {
  it('for a token that covers 256 clients with long ids, and commands go on', async () => {
    const client_id = newClient()
    const others = Array.from({ length: 255 }, (_, n) => `c${n}`.padEnd(128, 'x'))
    const { door, token } = doorFor({ client_ids: [client_id, ...others] })
    await watch(client_id, { door, token })
    const authorization = `Bearer ${token}`
    const message = { command: 'create_session', parameters: { client_id } }
    expect((await ask(message, { authorization }, door)).reply.status).toBe('success')
  })

  it('for a subject of 255 characters that each take four bytes', async () => {
    const client_id = newClient()
    const { door, token } = doorFor({ sub: '𝄞'.repeat(127) })
    const watcher = await watch(client_id, { door, token })
    expect((await watcher.until(1))[0]?.type).toBe('stream.opened')
  })

  it('for somebody whose credentials do not cover the client, who hears nothing', async () => {
    const client_id = newClient()
    const owner = doorFor({ sub: 'user-kiosk' })
    const authorization = `Bearer ${owner.token}`
    const message = { command: 'create_session', parameters: { client_id } }
    await ask(message, { authorization }, owner.door)
    const { door, token } = doorFor({ sub: 'user-kiosk', client_ids: ['kiosk-*'] })
    const watcher = await watch(client_id, { door, token }, { after: '0' })
    expect((await watcher.until(1))[0]).toMatchObject({ type: 'stream.opened', sequence: 0 })
  })
})

describe('A socket of which the object knows nothing', () => {
  it.each([[null], [{ caller: { team: 'local' } }], ['text']])(
    'is closed with %j, while commands are answered and others hear of them',
    async (kept) => {
      const client_id = newClient()
      const poor = await watch(client_id)
      await poor.until(1)
      await spoil(client_id, kept)
      const other = await watch(client_id)
      await run('create_session', { client_id })
      expect(await poor.closing()).toEqual({ code: 4000, reason: 'connect again' })
      expect(sequences(await other.until(2))).toEqual([1])
    }
  )

  it('does not keep the alarm from reporting to the team', async () => {
    const client_id = newClient()
    const { session_id } = await run('create_session', { client_id })
    const { until } = await watch(client_id)
    await until(1)
    await spoil(client_id, null)
    await inStore(client_id, ({ sessions }) => {
      sessions.change(1, { expires_at: Date.now() - 1 })
      sessions.takeTouched()
    })
    await runDurableObjectAlarm(objectOf(client_id))
    const left = await inStore(client_id, ({ sessions }) => [
      sessions.find(String(session_id))?.status,
      sessions.hasNews(),
    ])
    expect(left).toEqual(['expired', false])
  })
})

describe('Opening a socket', () => {
  it('costs a token of the bucket that commands of the same caller cost', async () => {
    const door = await startDoor()
    const client_id = newClient()
    const token = await door.token('priya')
    const codes: (string | undefined)[] = []
    for (let n = 0; n < 40 && !codes.includes('rate_limited'); n += 1) {
      codes.push((await door.ask({ command: 'get_events', client_id }, token)).reply.error_code)
    }
    const refused = await askForSocket({ client_id }, { door: door.door, token })
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      { error_code: 'rate_limited' },
    ])
  })

  it('by an admin or a stranger is in the audit log of the client', async () => {
    const door = await startDoor()
    const client_id = newClient()
    const owner = await door.token('frida')
    await door.ask({ command: 'create_session', client_id }, owner)
    for (const user of ['enzo', 'priya'] as const) {
      await watch(client_id, { door: door.door, token: await door.token(user) })
    }
    const detail = JSON.stringify({ command: 'get_events' })
    expect((await audited(client_id, 5)).slice(-2)).toMatchObject([
      { actor: 'user-enzo', action: 'read_by_admin', detail },
      { actor: 'user-priya', action: 'refused', detail },
    ])
  })

  it('of a client that nobody knows stores nothing, not even an alarm', async () => {
    const client_id = newClient()
    await (await watch(client_id)).until(1)
    const stored = await runInDurableObject(objectOf(client_id), async (_, { storage }) => [
      await storage.getAlarm(),
      ...storage.sql.exec('SELECT name FROM sqlite_master').toArray(),
    ])
    expect(stored).toEqual([null])
  })

  it('is logged, and so is its end', async () => {
    const client_id = newClient()
    const { socket, until } = await watch(client_id)
    await until(1)
    const [{ request_id } = { request_id: '' }] = logged('socket_asked_for')
    expect(logged('socket_asked_for')).toEqual([
      { event: 'socket_asked_for', request_id, client_id, outcome: 'success' },
    ])
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve))
    socket.close(1000)
    await closed
    expect(logged('socket_closed')).toContainEqual({
      event: 'socket_closed',
      request_id,
      code: 1000,
    })
  })
})

describe('A socket of a token that somebody may take back', () => {
  it('ends a minute after the STUI API was asked about it, however late it was opened', async () => {
    const door = await startDoor('introspection')
    const client_id = newClient()
    const token = await door.token('frida')
    const askedAt = door.clock.now()
    await door.ask({ command: 'create_session', client_id }, token)
    door.clock.advance(50 * SECOND)
    await watch(client_id, { door: door.door, token })
    expect(door.requests('/introspect')).toBe(1)
    expect(await attachments(client_id, TEAM)).toMatchObject([{ until: askedAt + POSITIVE_MS }])
  })
})
