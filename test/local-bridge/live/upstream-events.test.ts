// The events of one client from a service that does what a test tells it: every end of a socket, and every sequence.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createUpstreamEvents,
  LAST_WAIT_MS,
  type UpstreamEvents,
} from '../../../local-bridge/live/upstream-events.ts'
import { succeed } from '../../../src/outcome.ts'
import { type Changes, createChanges } from '../../support/changes.ts'
import { createEventLog, type EventLog } from '../../support/event-log.ts'
import { type EventServer, startEventServer } from '../../support/event-server.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { createManualTimer, type ManualTimer } from '../../support/manual-timer.ts'

let server: EventServer
let log: EventLog
let timer: ManualTimer
let stream: UpstreamEvents
let told: string[]
let planned: number
let changes: Changes

beforeEach(async () => {
  server = await startEventServer()
  log = createEventLog()
  timer = createManualTimer()
  told = []
  planned = 0
  changes = createChanges()
})

afterEach(async () => {
  stream.stop()
  await server[Symbol.asyncDispose]()
})

function begin(identity?: Parameters<typeof createUpstreamEvents>[0]['identity']) {
  stream = createUpstreamEvents({
    ...{ url: server.url, client_id: 'ann', identity, clock: fixedClock(), timer },
    log: log.log,
    // Asked once for each further attempt.
    chance: () => {
      planned += 1
      changes.happened()
      return 0
    },
    onTold: (type, text) => {
      const { sequence, data } = JSON.parse(text)
      told.push(
        type === 'session.updated' ? String(sequence) : `${type} ${data.after ?? ''}`.trim()
      )
      changes.happened()
    },
  })
}

/** Resolves when so much was told. */
function hears(count: number): Promise<readonly string[]> {
  return changes.until(() => told.length >= count && told)
}

/** Resolves when so many further attempts were planned in all. */
async function plans(count: number): Promise<void> {
  await changes.until(() => planned >= count)
}

describe('the events of a client', () => {
  it('begin where the service says, and are told once and in order', async () => {
    begin()
    const socket = await server.nth(1)
    expect([socket.client_id, socket.after]).toEqual(['ann', null])
    socket.open(4)
    for (const sequence of [5, 6, 6, 5, 7]) socket.event(sequence)
    expect(await hears(4)).toEqual(['stream.opened 4', '5', '6', '7'])
  })

  it.each([1000, 1001, 1012, 4000, 4001, 4099, 4999])(
    'go on from the last sequence after the service closed with %i',
    async (code) => {
      begin()
      const first = await server.nth(1)
      first.open(4)
      first.event(5)
      await hears(2)
      first.close(code)
      await plans(1)
      timer.advance(LAST_WAIT_MS)
      const second = await server.nth(2)
      expect(second.after).toBe('5')
      second.open(5)
      second.event(6)
      expect(await hears(3)).toEqual(['stream.opened 4', '5', '6'])
    }
  )

  it('are told where they are to whoever came while the service was away', async () => {
    begin()
    const first = await server.nth(1)
    first.open(4)
    await hears(1)
    first.close(1012)
    await plans(1)
    stream.greet()
    timer.advance(LAST_WAIT_MS)
    const second = await server.nth(2)
    second.open(4)
    second.event(5)
    expect(await hears(3)).toEqual(['stream.opened 4', 'stream.opened 4', '5'])
  })

  it.each([4100, 4199])('end for good when the service closes with %i', async (code) => {
    begin()
    const socket = await server.nth(1)
    socket.open(0)
    await hears(1)
    socket.close(code)
    expect(await log.nth('stream_stopped', 1)).toMatchObject({
      detail: `the service closed it with ${code}`,
    })
    expect([stream.hasStopped(), told.at(-1), timer.pending()]).toEqual([true, 'stream.stopped', 0])
  })

  it.each([400, 403, 404, 426])('end for good when the service answers %i', async (status) => {
    server.answer(status)
    begin()
    expect(await log.nth('stream_stopped', 1)).toMatchObject({
      detail: `the service answered ${status}`,
    })
    expect([server.sockets.length, timer.pending()]).toEqual([1, 0])
  })

  it.each([429, 500, 502, 503])(
    'are asked for again when the service answers %i',
    async (status) => {
      server.answer(status)
      begin()
      expect(await log.nth('stream_lost', 1)).toMatchObject({
        detail: `the service answered ${status}`,
      })
      server.answer(101)
      timer.advance(LAST_WAIT_MS)
      const socket = await server.nth(2)
      socket.open(0)
      expect(await hears(1)).toEqual(['stream.opened 0'])
      expect(log.of('stream_resumed')).toHaveLength(1)
    }
  )

  it('are asked for again when there is no service', async () => {
    const { port } = new URL(server.url)
    await server[Symbol.asyncDispose]()
    begin()
    await plans(1)
    timer.advance(LAST_WAIT_MS)
    await plans(2)
    expect(log.events).toEqual([{ event: 'stream_lost', detail: 'the connection broke' }])
    server = await startEventServer(Number(port))
    timer.advance(LAST_WAIT_MS)
    const socket = await server.nth(1)
    socket.open(0)
    expect(await hears(1)).toEqual(['stream.opened 0'])
  })

  it('wait as long as the service says', async () => {
    server.answer(429, { 'retry-after': '7' })
    begin()
    await log.nth('stream_lost', 1)
    timer.advance(6999)
    expect([server.sockets.length, timer.pending()]).toEqual([1, 1])
    timer.advance(1)
    await server.nth(2)
  })

  it('are asked for less and less often, and at least every two seconds, for ever', async () => {
    server.answer(503)
    begin()
    const waits: number[] = []
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await plans(attempt)
      const from = timer.ticks()
      while (timer.pending() > 0) timer.advance(50)
      waits.push(timer.ticks() - from)
    }
    expect(waits).toEqual([100, 200, 400, 800, 1600, 2000, 2000, 2000])
    expect(log.of('stream_lost')).toHaveLength(1)
  })

  it('are asked for once more where one is missing', async () => {
    begin()
    const first = await server.nth(1)
    first.open(4)
    first.event(5)
    first.event(7)
    await plans(1)
    timer.advance(LAST_WAIT_MS)
    const second = await server.nth(2)
    expect(second.after).toBe('5')
    second.open(5)
    second.event(6)
    second.event(7)
    expect(await hears(4)).toEqual(['stream.opened 4', '5', '6', '7'])
  })

  it('say so where some are no longer kept', async () => {
    begin()
    const first = await server.nth(1)
    first.open(4)
    await hears(1)
    first.destroy()
    await plans(1)
    timer.advance(LAST_WAIT_MS)
    const second = await server.nth(2)
    second.open(4, true)
    second.event(9)
    second.event(10)
    expect(await hears(5)).toEqual([
      'stream.opened 4',
      'stream.opened 4',
      'stream.opened 8',
      '9',
      '10',
    ])
  })

  it('begin anew where the service has lost its own', async () => {
    begin()
    const first = await server.nth(1)
    first.open(40)
    await hears(1)
    first.destroy()
    await plans(1)
    timer.advance(LAST_WAIT_MS)
    const second = await server.nth(2)
    second.open(2, true)
    second.event(3)
    expect(await hears(3)).toEqual(['stream.opened 40', 'stream.opened 2', '3'])
  })

  it('are asked for anew when something else comes', async () => {
    begin()
    const first = await server.nth(1)
    first.text('hello')
    expect(await log.nth('stream_lost', 1)).toMatchObject({ detail: 'something else than events' })
  })

  it('are asked for anew when the service is silent for two seconds', async () => {
    begin()
    const socket = await server.nth(1)
    socket.open(0)
    await hears(1)
    timer.advance(2000)
    expect(await log.nth('stream_lost', 1)).toMatchObject({ detail: 'silence' })
  })

  it('say where they are to those who come late', async () => {
    begin()
    const socket = await server.nth(1)
    stream.greet()
    socket.open(4)
    socket.event(5)
    await hears(2)
    stream.greet()
    expect(told).toEqual(['stream.opened 4', '5', 'stream.opened 5'])
  })
})

describe('with a token', () => {
  it('the token is sent, and another one when the service refuses it', async () => {
    let token = 'old'
    begin({
      admit: async () => succeed(token),
      reconsider: async () => {
        token = 'new'
        return token
      },
    })
    server.answer(401)
    const first = await server.nth(1)
    await plans(1)
    server.answer(101)
    timer.advance(LAST_WAIT_MS)
    const second = await server.nth(2)
    expect([first.authorization, second.authorization]).toEqual(['Bearer old', 'Bearer new'])
  })

  it('nothing is asked for while no token is good', async () => {
    begin({
      admit: async () => ({ ok: false, failure: { reason: 'unauthenticated', detail: 'none' } }),
      reconsider: async () => undefined,
    })
    expect(await log.nth('stream_lost', 1)).toMatchObject({ detail: 'the token is not good' })
    expect(server.sockets).toEqual([])
  })
})
