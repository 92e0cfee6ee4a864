// A source of events of the page, from a service that does what a test tells it, with a timer that is turned by hand.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStream, type Stream } from '../../../src/panel/client/stream.ts'
import { type Changes, createChanges } from '../../support/changes.ts'
import { type EventServer, startEventServer } from '../../support/event-server.ts'
import { createManualTimer, type ManualTimer } from '../../support/manual-timer.ts'

const LONG_MS = 60_000

let server: EventServer
let timer: ManualTimer
let stream: Stream
let told: string[]
let changes: Changes
/** Answers to whether another socket may be tried, in the order of the questions. */
let mayTry: ((may: boolean) => void)[]

beforeEach(async () => {
  server = await startEventServer()
  vi.stubGlobal('location', { href: server.url })
  timer = createManualTimer()
  changes = createChanges()
  told = []
  mayTry = []
})
afterEach(async () => {
  stream.stop()
  vi.unstubAllGlobals()
  await server[Symbol.asyncDispose]()
})

function begin(): void {
  const note = (what: string) => {
    told.push(what)
    changes.happened()
  }
  const { ticks: now, after } = timer
  stream = openStream({
    machine: { now, after, toldTime: () => {}, random: () => 0.5, newId: () => '' },
    query: 'scope=team',
    token: () => {
      note('connects')
      return undefined
    },
    onHeard: (heard, isPast) => note(`${heard.sequence}${isPast ? ' past' : ''}`),
    onState: note,
    mayTry: () =>
      new Promise((resolve) => {
        mayTry.push(resolve)
        changes.happened()
      }),
  })
}

const hears = (what: string) => changes.until(() => told.includes(what))

const event = (sequence: number) => JSON.stringify({ type: 'bridge.changed', sequence })

describe('a source of events', () => {
  it('has one socket only when it is woken while it asks whether it may try again', async () => {
    server.answer(503)
    begin()
    const [answer] = await changes.until(() => mayTry.length > 0 && mayTry)
    server.answer(101)
    stream.wake()
    ;(await server.nth(2)).open(0)
    await hears('0')
    answer?.(true)
    await Promise.resolve()
    await Promise.resolve()
    timer.advance(1000)
    expect(told.filter((what) => what === 'connects')).toHaveLength(2)
  })

  it('tells nothing after it was stopped while it waited for an answer', async () => {
    begin()
    ;(await server.nth(1)).open(0)
    await hears('open')
    timer.advance(5000)
    stream.stop()
    told = []
    timer.advance(LONG_MS)
    expect(told).toEqual([])
  })

  it('takes for news what happens after the service has begun to count anew', async () => {
    begin()
    const first = await server.nth(1)
    first.open(50)
    first.text(event(51))
    await hears('51')
    first.close(1001)
    await hears('away')
    timer.advance(1000)
    const second = await server.nth(2)
    second.open(0, true)
    second.text(event(1))
    await changes.until(() => told.some((what) => what.startsWith('1')))
    expect(told.at(-1)).toBe('1')
  })
})
