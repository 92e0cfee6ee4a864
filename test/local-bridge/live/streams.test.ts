// Which clients are watched, told by subscriptions: real sockets to a server that stands in for the service.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStreams, GRACE_MS, type Streams } from '../../../local-bridge/live/streams.ts'
import { createUpstreamEvents } from '../../../local-bridge/live/upstream-events.ts'
import { createEventLog, type EventLog } from '../../support/event-log.ts'
import { type EventServer, startEventServer } from '../../support/event-server.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { createManualTimer, type ManualTimer } from '../../support/manual-timer.ts'

let server: EventServer
let log: EventLog
let timer: ManualTimer
let streams: Streams
let opened: string[]

beforeEach(async () => {
  server = await startEventServer()
  log = createEventLog()
  timer = createManualTimer()
  opened = []
  const parts = { timer, log: log.log }
  streams = createStreams({
    ...parts,
    most: 2,
    open: (client_id) => {
      opened.push(client_id)
      return createUpstreamEvents({
        ...{ ...parts, url: server.url, client_id, identity: undefined },
        ...{ clock: fixedClock(), chance: () => 0, onTold: () => {} },
      })
    },
  })
})

afterEach(async () => {
  streams.stop()
  await server[Symbol.asyncDispose]()
})

describe('a client', () => {
  it('is watched once, however many subscriptions there are for it', async () => {
    for (const type of ['', '', 'session.', 'stream.opened']) {
      streams.subscribed(`clients/ann/${type}`)
    }
    expect([opened, (await server.nth(1)).client_id]).toEqual([['ann'], 'ann'])
  })

  it.each([
    '',
    'clients/',
    'clients/ann',
    'bridge/',
    'clients//x',
    'clients/a b/',
    'clients/../',
    'teams/ann/',
  ])('is not what a subscription to %j is for', (subscription) => {
    streams.subscribed(subscription)
    expect(opened).toEqual([])
  })

  it('is watched for five seconds after the last subscription is gone', () => {
    streams.subscribed('clients/ann/')
    streams.subscribed('clients/ann/session.')
    streams.unsubscribed('clients/ann/')
    timer.advance(GRACE_MS)
    streams.subscribed('clients/ann/')
    expect(opened).toEqual(['ann'])
    streams.unsubscribed('clients/ann/')
    streams.unsubscribed('clients/ann/session.')
    timer.advance(GRACE_MS - 1)
    streams.subscribed('clients/ann/')
    timer.advance(GRACE_MS)
    expect(opened).toEqual(['ann'])
    streams.unsubscribed('clients/ann/')
    timer.advance(GRACE_MS)
    streams.subscribed('clients/ann/')
    expect(opened).toEqual(['ann', 'ann'])
  })

  it('that the service does not tell of is asked for again when somebody subscribes again', async () => {
    server.answer(403)
    streams.subscribed('clients/ann/')
    await log.nth('stream_stopped', 1)
    streams.subscribed('clients/ann/')
    expect(opened).toEqual(['ann', 'ann'])
  })

  it('beyond the limit is not watched, and the log says so', () => {
    for (const client of ['ann', 'bob', 'cyd']) streams.subscribed(`clients/${client}/`)
    expect(opened).toEqual(['ann', 'bob'])
    expect(log.of('streams_full')).toEqual([{ event: 'streams_full', limit: 2 }])
  })

  it('that nobody subscribes to any more makes room for another one', () => {
    for (const client of ['ann', 'bob']) streams.subscribed(`clients/${client}/`)
    streams.unsubscribed('clients/ann/')
    streams.subscribed('clients/cyd/')
    expect([opened, log.of('streams_full')]).toEqual([['ann', 'bob', 'cyd'], []])
  })
})
