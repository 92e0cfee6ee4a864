// Calls with a good token that no object counts: refused at the door, or answered in place. They are limited by the
// operator's rate of commands, and never at the cost of anybody else.

import { describe, expect, it } from 'vitest'
import { startDoor } from '../support/authenticating-door.ts'
import { SECOND } from '../support/fixed-clock.ts'
import { answerOf, newClient, type WorkerReply } from '../support/worker.ts'

const HERE = '203.0.113.7'
const BURST = 5
const RATE = { STUI_COMMANDS_PER_MINUTE: '60', STUI_COMMAND_BURST: String(BURST) }

const PING = { command: 'ping' }
const UNKNOWN = { command: 'pong' }
const OK = [200, undefined]
const LIMITED = [429, 'rate_limited']

type Sent = { readonly path: string; readonly body?: string; readonly headers?: object }

async function scene() {
  const door = await startDoor('jwt', RATE)
  const own = await door.token('frida')
  const kiosk = await door.token('kiosk')
  const ask = async (message: unknown, token = own, address = HERE) => {
    const { status, reply } = await door.ask(message, token, address)
    return [status, reply.error_code]
  }
  const send = ({ path, body, headers = {} }: Sent, token = own) =>
    door.door.fetch(
      new Request(`http://localhost${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body !== undefined && { body }),
        headers: { authorization: `Bearer ${token}`, 'cf-connecting-ip': HERE, ...headers },
      })
    )
  const spendAll = async () => {
    for (let n = 0; n < BURST; n += 1) expect(await ask(PING)).toEqual(OK)
  }
  return { door, clock: door.clock, own, kiosk, ask, send, spendAll }
}

type Scene = Awaited<ReturnType<typeof scene>>

/** What no object counts, and what it is answered while there are tokens. */
const UNCOUNTED: readonly (readonly [string, unknown, readonly unknown[]])[] = [
  ['an unknown command', UNKNOWN, [400, 'unknown_command']],
  ['a parameter that is missing', { command: 'close_session' }, [400, 'missing_parameter']],
  [
    'a forged session id',
    { command: 'restore_session', session_id: 'session_1_1_forged' },
    [404, 'session_not_found'],
  ],
  ['a message that is none', [], [400, 'invalid_request']],
  ['a ping', PING, OK],
  ['a description', { command: 'describe' }, OK],
  [
    'a question about a feature',
    { command: 'validate_feature_access', client_id: 'c', feature: 'f' },
    OK,
  ],
  [
    'a cleanup for the team, of somebody who is no admin',
    { command: 'cleanup_image_sessions', scope: 'team', image_id: 'one' },
    [403, 'forbidden'],
  ],
]

describe('a call that no object counts', () => {
  it.each(UNCOUNTED)('is limited by the rate of commands: %s', async (_, message, told) => {
    const { ask, door, clock, own } = await scene()
    for (let n = 0; n < BURST; n += 1) expect(await ask(message)).toEqual(told)
    expect(await ask(message)).toEqual(LIMITED)
    const { headers, reply } = await door.ask(message, own, HERE)
    expect(headers.get('retry-after')).toBe('1')
    expect(reply.details).toEqual({ retry_after_ms: SECOND })
    clock.advance(SECOND)
    expect(await ask(message)).toEqual(told)
    expect(await ask(message)).toEqual(LIMITED)
  })

  it('is limited where the credentials do not cover its client', async () => {
    const { ask, kiosk } = await scene()
    const foreign = { command: 'create_session', client_id: 'not-of-the-kiosk' }
    for (let n = 0; n < BURST; n += 1) {
      expect(await ask(foreign, kiosk)).toEqual([403, 'client_not_allowed'])
    }
    expect(await ask(foreign, kiosk)).toEqual(LIMITED)
  })

  it.each([
    ['the page’s question who asks', { path: '/panel/me' }, 200],
    [
      'a socket that is refused before it opens',
      { path: '/v1/events', headers: { upgrade: 'websocket' } },
      400,
    ],
    ['a batch that is none', { path: '/v1/batches', body: '{}' }, 400],
    ['a body that is no text', { path: '/v1/messages', body: '{' }, 400],
  ] as const)('is limited on every path: %s', async (_, sent, status) => {
    const { send, ask } = await scene()
    for (let n = 0; n < BURST; n += 1) expect((await send(sent)).status).toBe(status)
    const { status: limited, reply } = await answerOf(await send(sent))
    expect([limited, reply.error_code]).toEqual(LIMITED)
    expect(await ask(PING)).toEqual(LIMITED)
  })

  it('takes as much inside of a batch', async () => {
    const { send, ask, own } = await scene()
    const entries = Array.from({ length: BURST + 2 }, (_, n) => ({
      delivery_id: `d-${n}`,
      message: { id: n, ...PING },
    }))
    const response = await send({ path: '/v1/batches', body: JSON.stringify(entries) }, own)
    const replies = (await response.json()) as WorkerReply[]
    expect(replies.map(({ error_code }) => error_code)).toEqual([
      ...Array(BURST).fill(undefined),
      'rate_limited',
    ])
    expect(await ask(UNKNOWN)).toEqual(LIMITED)
  })

  it('is limited as an entry of a batch that is no message', async () => {
    const { send } = await scene()
    const body = JSON.stringify([{ delivery_id: 'd', message: [] }])
    const codes = []
    for (let n = 0; n <= BURST; n += 1) {
      const replies = (await (await send({ path: '/v1/batches', body })).json()) as WorkerReply[]
      codes.push(replies[0]?.error_code)
    }
    expect(codes).toEqual([...Array(BURST).fill('invalid_request'), 'rate_limited'])
  })

  it('is one of the same bucket as all others of the subject at its address', async () => {
    const { ask } = await scene()
    expect(await ask(PING)).toEqual(OK)
    for (let n = 1; n < BURST; n += 1) expect((await ask(UNKNOWN))[0]).toBe(400)
    expect(await ask(PING)).toEqual(LIMITED)
    expect(await ask(UNKNOWN)).toEqual(LIMITED)
  })
})

describe('whoever has made too many of them', () => {
  it.each([
    ['goes on with commands that an object answers', ({ ask }: Scene) => ask(create())],
    [
      'goes on with those of the team',
      ({ ask }: Scene) => ask({ command: 'get_session_statistics' }),
    ],
    ['goes on from another address', ({ ask, own }: Scene) => ask(PING, own, '198.51.100.1')],
    ['holds up nobody else at the address', ({ ask, kiosk }: Scene) => ask(PING, kiosk)],
  ])('%s', async (_, next) => {
    const spent = await scene()
    await spent.spendAll()
    expect(await spent.ask(PING)).toEqual(LIMITED)
    expect(await next(spent)).toEqual(OK)
  })

  it('is still somebody with a good token: the address has not failed', async () => {
    const { ask, spendAll, door } = await scene()
    await spendAll()
    for (let n = 0; n < 20; n += 1) expect(await ask(UNKNOWN)).toEqual(LIMITED)
    const stranger = await door.ask(PING, undefined, HERE)
    expect(stranger.status).toBe(401)
  })
})

const create = () => ({ command: 'create_session', client_id: newClient() })

describe('the rate of commands of the specification', () => {
  it('is what they go by where the operator says nothing', async () => {
    const { ask, token } = await startDoor()
    const own = await token('frida')
    const forged = { command: 'restore_session', session_id: 'session_1_1_forged' }
    const codes = []
    for (let n = 0; n < 102; n += 1) codes.push((await ask(forged, own)).reply.error_code)
    expect(codes.slice(0, 100)).toEqual(Array(100).fill('session_not_found'))
    expect(codes.slice(100)).toEqual(['rate_limited', 'rate_limited'])
  })
})
