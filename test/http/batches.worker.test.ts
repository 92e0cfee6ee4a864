// POST /v1/batches: messages that a bridge delivers, carried out in order, each answered as by itself.

import { describe, expect, it } from 'vitest'
import { MAX_BATCH_ENTRIES, MAX_MESSAGE_BYTES } from '../../src/protocol/limits.ts'
import { startDoor } from '../support/authenticating-door.ts'
import {
  ask,
  type Door,
  logged,
  newClient,
  newSession,
  run,
  WORKER,
  type WorkerReply,
  workerWith,
} from '../support/worker.ts'

type Entry = { readonly message: unknown; readonly [beside: string]: unknown }

type Answered = {
  readonly status: number
  readonly text: string
  readonly replies: readonly WorkerReply[]
}

async function send(
  body: string,
  headers: Readonly<Record<string, string>> = {},
  door: Door = WORKER
): Promise<Answered> {
  const request = new Request('http://localhost/v1/batches', { method: 'POST', body, headers })
  const response = await door.fetch(request)
  const text = await response.text()
  const json: unknown = JSON.parse(text)
  return { status: response.status, text, replies: [json].flat() as WorkerReply[] }
}

const sendEntries = (entries: readonly Entry[], door?: Door) =>
  send(JSON.stringify(entries), {}, door)

let deliveries = 0

function entry(message: unknown, beside: object = {}): Entry {
  deliveries += 1
  return { delivery_id: `d-${deliveries}`, ...beside, message }
}

const update = (session_id: string, n: number, beside: object = {}) =>
  entry({ id: n, command: 'update_session_state', session_id, state_data: { n } }, beside)

const stateOf = (session_id: string) => run('get_session_info', { session_id, state: true })

/** Without what differs between two answers to one message. */
function lasting({ timestamp: _, meta, ...rest }: WorkerReply) {
  return { ...rest, meta: { ...meta, request_id: 'r' } }
}

describe('a batch', () => {
  it('is answered with what each message is answered by itself, in its dialect and its order', async () => {
    const messages = [
      { id: 1, command: 'ping', parameters: { message: 'a' } },
      { id: 'b', command: 'ping', message: 'b', colour: 'red' },
      { request_type: 'Describe', params: { command: 'ping' } },
      { id: 'f', command: 'close_session' },
    ]
    const { status, replies } = await sendEntries(messages.map((message) => entry(message)))
    expect(status).toBe(200)
    expect(replies).toHaveLength(messages.length)
    for (const [index, message] of messages.entries()) {
      const request = new Request('http://localhost/v1/messages', {
        method: 'POST',
        body: JSON.stringify(message),
      })
      const alone = (await (await WORKER.fetch(request)).json()) as WorkerReply
      expect(uptimeless(lasting(replies[index] ?? alone))).toEqual(uptimeless(lasting(alone)))
    }
  })

  it('lets each change be done on what the one before it has left', async () => {
    const session_id = await newSession()
    const { replies } = await sendEntries([
      update(session_id, 1, { base_revision: 1 }),
      update(session_id, 2, { base_revision: 'previous' }),
      update(session_id, 3, { base_revision: 'previous' }),
    ])
    expect(replies.map(({ result }) => result?.revision)).toEqual([2, 3, 4])
    expect(await stateOf(session_id)).toMatchObject({ revision: 4, session_state: { n: 3 } })
  })

  it('does what a conflict has led away in the session that it goes to', async () => {
    const client_id = newClient()
    const session_id = await newSession({ client_id, name: 'meant' })
    const target = await newSession({ client_id, name: 'copy' })
    const beside = { base_revision: 'previous', target }
    const { replies } = await sendEntries([
      update(session_id, 1, { base_revision: 1, target }),
      update(session_id, 2, beside),
      update(target, 3, { base_revision: 'previous' }),
      update(session_id, 4, { base_revision: 'previous' }),
    ])
    expect(replies.map(({ result }) => result?.revision)).toEqual([2, 3, 4, undefined])
    expect(await stateOf(target)).toMatchObject({ revision: 4, session_state: { n: 3 } })
    expect(await stateOf(session_id)).toMatchObject({ revision: 1 })
  })

  it('goes on from what the bridge knew where a recognised change lies behind that', async () => {
    const session_id = await newSession()
    const unheard = update(session_id, 1)
    await sendEntries([unheard])
    await sendEntries([update(session_id, 2)])
    const { replies } = await sendEntries([
      { ...unheard, base_revision: 3 },
      update(session_id, 3, { base_revision: 'previous' }),
    ])
    expect(replies.map(({ result }) => result?.revision)).toEqual([2, 4])
    expect(replies.map(({ meta }) => meta?.replayed === true)).toEqual([true, false])
  })

  it('goes on from a change that was recognised, and does nothing twice', async () => {
    const session_id = await newSession()
    const entries = [
      update(session_id, 1, { base_revision: 1 }),
      update(session_id, 2, { base_revision: 'previous' }),
      update(session_id, 3, { base_revision: 'previous' }),
    ]
    await sendEntries(entries.slice(0, 2))
    const { replies } = await sendEntries(entries)
    expect(replies.map(({ meta }) => meta?.replayed === true)).toEqual([true, true, false])
    expect(await stateOf(session_id)).toMatchObject({ revision: 4, session_state: { n: 3 } })
  })

  it('keeps states to the letter', async () => {
    const session_id = await newSession()
    const state = '{ "big": 12345678901234567890, "zero": -0, "__proto__": {"a": "\\u00e9"} }'
    const message = `{"command":"update_session_state","session_id":"${session_id}","state_data":${state}}`
    const { text } = await send(`[ { "delivery_id" : "letter" , "message" : ${message} } ]`)
    expect(text).toContain(`"session_state":${state},`)
  })

  it('has a line in the log for each message', async () => {
    const session_id = await newSession()
    const before = logged('command').length
    await sendEntries([update(session_id, 1), update(session_id, 2)])
    const lines = logged('command').slice(before)
    expect(lines.map(({ command, outcome }) => [command, outcome])).toEqual([
      ['update_session_state', 'success'],
      ['update_session_state', 'success'],
    ])
  })
})

describe('nothing is carried out', () => {
  it('behind a message that was refused', async () => {
    const session_id = await newSession()
    const { status, replies } = await sendEntries([
      update(session_id, 1),
      entry({ command: 'update_session_state', session_id }),
      update(session_id, 3),
    ])
    expect(status).toBe(200)
    expect(replies.map(({ status }) => status)).toEqual(['success', 'error'])
    expect(await stateOf(session_id)).toMatchObject({ revision: 2, session_state: { n: 1 } })
  })

  it('behind a message that is none', async () => {
    const session_id = await newSession()
    const { replies } = await sendEntries([entry(7), update(session_id, 1)])
    expect(replies).toMatchObject([{ id: null, error_code: 'invalid_request' }])
    expect(await stateOf(session_id)).toMatchObject({ revision: 1 })
  })

  it('behind work that became a session of its own', async () => {
    const session_id = await newSession()
    await run('update_session_state', { session_id, state_data: { by: 'laptop' } })
    const { replies } = await sendEntries([
      update(session_id, 1, { base_revision: 1 }),
      update(session_id, 2, { base_revision: 'previous' }),
    ])
    expect(replies).toHaveLength(1)
    expect(replies[0]?.result?.session_id).not.toBe(session_id)
    expect(await stateOf(session_id)).toMatchObject({ session_state: { by: 'laptop' } })
  })

  it('on top of another session’s revision', async () => {
    const [one, other] = [await newSession(), await newSession()]
    const { replies } = await sendEntries([
      update(one, 1, { base_revision: 1 }),
      update(other, 2, { base_revision: 'previous' }),
    ])
    expect(replies.map(({ error_code }) => error_code)).toEqual([undefined, 'invalid_request'])
    expect(await stateOf(other)).toMatchObject({ revision: 1 })
  })

  it('once the client is told to wait: each message counts', async () => {
    const client_id = newClient()
    for (let n = 0; n < 4; n += 1) {
      const { session_id } = await run('create_session', { client_id })
      await run('close_session', { session_id })
    }
    const create = () => entry({ command: 'create_session', client_id })
    const { replies } = await sendEntries([create(), create(), create()])
    expect(replies.map(({ error_code }) => error_code)).toEqual([undefined, 'rate_limited'])
    expect(Number(replies[1]?.details?.retry_after_ms)).toBeGreaterThan(0)
  })

  it('behind a fault', async () => {
    const door = workerWith({ CLIENTS: undefined })
    const session_id = await newSession()
    const { replies } = await sendEntries([update(session_id, 1), update(session_id, 2)], door)
    expect(replies).toMatchObject([{ id: 1, error_code: 'internal_error' }])
    expect(logged('fault')).toHaveLength(1)
  })

  it('once the answers are as large as one request may be', async () => {
    const session_id = await newSession({ state_data: { text: 'x'.repeat(900_000) } })
    const merge = (n: number) =>
      entry({ command: 'update_session_state', session_id, mode: 'merge', state_data: { n } })
    const { replies } = await sendEntries([merge(1), merge(2), merge(3), merge(4), merge(5)])
    expect(replies).toHaveLength(3)
    expect(await run('get_session_info', { session_id })).toMatchObject({ revision: 4 })
  })
})

describe('a batch that is refused as a whole', () => {
  const create = (client_id: string) => ({ command: 'create_session', client_id })

  it.each<[string, (message: object) => unknown]>([
    ['has no entries', () => []],
    ['has too many', (m) => Array.from({ length: MAX_BATCH_ENTRIES + 1 }, () => entry(m))],
    ['is a message', (m) => m],
    ['has an entry that is none', (m) => [entry(m), 'x']],
    ['has an entry without a message', (m) => [entry(m), { delivery_id: 'd' }]],
    ['has an entry without a delivery id', (m) => [entry(m), { message: m }]],
    ['has a delivery id that no header could carry', (m) => [entry(m, { delivery_id: 'a b' })]],
    ['names something that nobody knows', (m) => [entry(m, { base_revison: 1 })]],
    ['has a base that is no revision', (m) => [entry(m, { base_revision: -1 })]],
    ['begins on top of nothing', (m) => [entry(m, { base_revision: 'previous' })]],
    ['promises an id without a base', (m) => [entry(m, { session_id: 's' })]],
    ['leads away what was not acknowledged', (m) => [entry(m, { target: 's' })]],
  ])('carries nothing out: it %s', async (_, batch) => {
    const client_id = newClient()
    const { status, replies } = await send(JSON.stringify(batch(create(client_id))))
    expect(status).toBe(400)
    expect(replies).toMatchObject([{ id: null, error_code: 'invalid_request' }])
    const { sessions } = await run('list_client_sessions', { client_id })
    expect(sessions).toEqual([])
    expect(logged('command')[0]).toMatchObject({ command: 'unknown', status: 400 })
  })

  it('says so of what is not JSON, and of what is too large', async () => {
    expect(await send('[{')).toMatchObject({
      status: 400,
      replies: [{ error_code: 'parse_error' }],
    })
    expect(await send(`[${' '.repeat(MAX_MESSAGE_BYTES)}]`)).toMatchObject({
      status: 413,
      replies: [{ error_code: 'payload_too_large' }],
    })
  })

  it('takes as many as are allowed', async () => {
    const pings = Array.from({ length: MAX_BATCH_ENTRIES }, () => entry({ command: 'ping' }))
    expect((await sendEntries(pings)).replies).toHaveLength(MAX_BATCH_ENTRIES)
  })
})

describe('whoever sends a batch', () => {
  it('is looked at once, and refused once', async () => {
    const { door, token } = await startDoor()
    const body = JSON.stringify([entry({ command: 'ping' }), entry({ command: 'ping' })])
    const stranger = await send(body, {}, door)
    expect(stranger.status).toBe(401)
    expect(stranger.replies).toMatchObject([{ id: null, error_code: 'unauthenticated' }])
    expect(logged('token_refused')).toHaveLength(1)
    const own = await send(body, { authorization: `Bearer ${await token('frida')}` }, door)
    expect(own.replies).toMatchObject([{ status: 'success' }, { status: 'success' }])
  })

  it('reaches nobody else’s sessions by it', async () => {
    const session_id = await newSession()
    const { door, token } = await startDoor()
    const authorization = `Bearer ${await token('frida')}`
    const body = JSON.stringify([update(session_id, 1, { base_revision: 1 })])
    const { replies } = await send(body, { authorization }, door)
    expect(replies).toMatchObject([{ error_code: 'session_not_found' }])
    expect((await ask({ command: 'get_session_info', session_id })).reply.result).toMatchObject({
      revision: 1,
    })
  })
})

/** `ping` says how long the service has been running. */
function uptimeless(reply: object): object {
  return JSON.parse(JSON.stringify(reply).replace(/"uptime":[\d.]+/, '"uptime":0')) as object
}
