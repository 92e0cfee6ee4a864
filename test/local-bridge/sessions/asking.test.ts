// When the list that stays asks for what it was told of, with a service that says and answers what a test tells it, and a
// timer that is turned by hand.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Refusal } from '../../../local-bridge/sessions/ask.ts'
import { startWatch, type Watch } from '../../../local-bridge/sessions/watch.ts'
import { succeed } from '../../../src/outcome.ts'
import { createModel, type Model, type Told } from '../../../src/panel/view/model.ts'
import type { BridgeStatus } from '../../../src/protocol/bridge-fields.ts'
import { type Changes, createChanges } from '../../support/changes.ts'
import { type EventServer, type Opened, startEventServer } from '../../support/event-server.ts'
import { fixedClock } from '../../support/fixed-clock.ts'
import { createManualTimer, type ManualTimer } from '../../support/manual-timer.ts'

const BRIDGE: BridgeStatus = {
  ...{ bridge_id: 'b1', name: 'desk', version: '1', is_own: true },
  ...{ last_heard: '2026-03-01T09:00:00.000Z', silent: false },
  clients: [
    { client_id: 'ann', records: 0, refused: 0, bytes: 0, last_sync: '2026-03-01T09:00:00.000Z' },
  ],
}

/** What is asked for as soon as the stream is open. */
const AT_ONCE = 0

let server: EventServer
let timer: ManualTimer
let watch: Watch
let model: Model
let socket: Opened
let changes: Changes
/** Images whose sessions were asked for, with * for all. */
let asked: string[]
/** What was told to who looks. */
let told: string[]
let sequence: number
/** For how long was waited. */
let planned: number[]
/** Why nothing is answered. */
let refusal: Refusal | undefined

beforeEach(async () => {
  server = await startEventServer()
  timer = createManualTimer()
  changes = createChanges()
  model = createModel()
  asked = []
  told = []
  sequence = 0
  planned = []
  refusal = undefined
  await begin()
})
afterEach(async () => {
  watch.stop()
  await server[Symbol.asyncDispose]()
})

/** The list of a team that stays. */
async function begin(): Promise<void> {
  const note = (what: string) => {
    told.push(what)
    changes.happened()
  }
  const answer = <Value>(value: Value) =>
    refusal === undefined ? succeed(value) : { ok: false as const, failure: refusal }
  const listed = async (image_id: string | undefined) => {
    asked.push(image_id ?? '*')
    const list: Told = {
      ...{ toldAt: 0, image_id, sessions: [], images: [] },
      ...{ isWhole: true, hasClosed: false },
    }
    return answer(list)
  }
  const after: ManualTimer['after'] = (ms, call) => {
    planned.push(ms)
    queueMicrotask(changes.happened)
    return timer.after(ms, call)
  }
  watch = startWatch({
    ...{ url: server.url, identity: undefined, clock: fixedClock(), chance: () => 0.5 },
    timer: { ticks: timer.ticks, after },
    ...{ scope: { kind: 'team' } as const, model },
    loader: {
      all: () => listed(undefined),
      image: listed,
      bridges: async () => {
        asked.push('bridges')
        return answer([BRIDGE])
      },
      now: () => 0,
    },
    onList: () => note('list'),
    onText: () => note('event'),
    onSessions: (heard) => note(`${heard.length} sessions`),
    onBridges: () => note('bridges'),
    onAway: (sentence) => note(sentence ?? 'back'),
    onEnd: note,
    ...{ onImage: () => {}, onRestart: () => {} },
  })
  socket = await server.nth(1)
  socket.open(0)
  await changes.until(() => planned.includes(AT_ONCE))
  timer.advance(AT_ONCE)
  await tells('list')
  asked = []
}

/** Resolves when this was told once more than before. */
async function tells(what: string): Promise<void> {
  await changes.until(() => told.includes(what))
  told = []
}

/** Something happens. */
async function happens(type: string, image_id = ''): Promise<void> {
  sequence += 1
  const data = { session_id: `s${sequence}`, image_id }
  socket.text(JSON.stringify({ type, sequence, data }))
  await tells('event')
}

describe('the list that stays', () => {
  it('asks, and tells, while events follow each other without a pause', async () => {
    await happens('session.created', 'one')
    timer.advance(60)
    await happens('session.created', 'two')
    timer.advance(60)
    expect(asked).toEqual(['one', 'two'])
    await tells('2 sessions')
  })

  it('waits as long as it has to with the next question, although something happens meanwhile', async () => {
    refusal = { sentence: 'Later.', mayPass: true, retryAfterMs: 2000 }
    await happens('session.created', 'one')
    timer.advance(100)
    await tells('Later.')
    asked = []
    await happens('session.created', 'two')
    timer.advance(1900)
    expect(asked).toEqual([])
    refusal = undefined
    timer.advance(100)
    expect(asked).toEqual(['*'])
    await tells('list')
  })

  it('keeps what it knows of bridges while nobody answers, and asks again', async () => {
    expect([...model.bridges.keys()]).toEqual(['ann'])
    refusal = { sentence: 'Away.', mayPass: true, retryAfterMs: 0 }
    await happens('bridge.changed')
    timer.advance(100)
    await changes.until(() => asked.length > 0)
    await new Promise(setImmediate)
    expect([...model.bridges.keys()]).toEqual(['ann'])
    refusal = undefined
    timer.advance(2000)
    await tells('bridges')
    expect(asked).toEqual(['bridges', 'bridges'])
  })
})
