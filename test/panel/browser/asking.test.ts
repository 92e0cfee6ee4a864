// When the page asks for what it was told of, with a service that says and answers what a test tells it, and a timer that is
// turned by hand.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ask } from '../../../src/panel/client/ask.ts'
import { type Live, startLive } from '../../../src/panel/client/live.ts'
import { createLoader } from '../../../src/panel/client/load.ts'
import { createModel } from '../../../src/panel/view/model.ts'
import { type Changes, createChanges } from '../../support/changes.ts'
import { type EventServer, type Opened, startEventServer } from '../../support/event-server.ts'
import { createManualTimer, type ManualTimer } from '../../support/manual-timer.ts'

const AWAY = { code: 'offline', sentence: 'Away.', recovery: [], retryAfterMs: 0 }

const EMPTY = {
  sessions: [],
  images: [],
  ...{ total_count: 0, next_cursor: '', bridges: [] },
}

let server: EventServer
let timer: ManualTimer
let live: Live
let socket: Opened
let changes: Changes
/** Images whose sessions were asked for, with * for all. */
let asked: string[]
/** Whether there was an answer about bridges, each time. */
let bridgesTold: boolean[]
let states: string[]
let sequence: number
let heard: number
let questions: number
/** Commands that are not answered. */
let isAway: (command: string) => boolean

beforeEach(async () => {
  server = await startEventServer()
  vi.stubGlobal('location', { href: server.url })
  timer = createManualTimer()
  changes = createChanges()
  asked = []
  bridgesTold = []
  states = []
  sequence = 0
  heard = 0
  questions = 0
  isAway = () => false
  await begin()
})
afterEach(async () => {
  live.stop()
  vi.unstubAllGlobals()
  await server[Symbol.asyncDispose]()
})

/** A page of a team that is live. */
async function begin(): Promise<void> {
  const { ticks: now, after } = timer
  const machine = { now, after, toldTime: () => {}, random: () => 0.5, newId: () => '' }
  const ask: Ask = async (command, { image_id } = {}) => {
    if (command === 'list_image_sessions') asked.push(String(image_id))
    if (command === 'get_bridge_status') bridgesTold.push(!isAway(command))
    changes.happened()
    if (isAway(command)) return { ok: false, failure: AWAY }
    return { ok: true, value: { result: EMPTY, toldAt: 0 } }
  }
  let hasChanged = false
  const model = createModel()
  const scope = { kind: 'team' } as const
  live = startLive({
    ...{ machine, model, scope, loader: createLoader({ ask, model, scope, machine }) },
    ...{ token: () => undefined, mayTry: async () => true },
    onState: ({ kind }) => {
      states.push(kind)
      changes.happened()
    },
    onHeard: () => {
      heard += 1
    },
    ...{ onLoaded: () => {}, onBridges: () => {} },
    // What is asked for last.
    onStatistics: () => {
      questions += 1
    },
    onChange: () => {
      hasChanged = true
      changes.happened()
    },
  })
  socket = await server.nth(1)
  socket.open(0)
  await changes.until(() => hasChanged)
  timer.advance(0)
  await changes.until(() => states.at(-1) === 'live')
  asked = []
}

/** Somebody creates a session on an image. */
async function happens(image_id: string): Promise<void> {
  const before = heard
  sequence += 1
  const data = { session_id: `s${sequence}`, image_id }
  socket.text(JSON.stringify({ type: 'session.created', sequence, data }))
  await changes.until(() => heard > before)
}

describe('the page', () => {
  it('asks again for what it got no answer about, and is not live before', async () => {
    isAway = (command) => command === 'list_image_sessions'
    await happens('lab')
    timer.advance(120)
    await changes.until(() => questions === 2)
    expect([states, asked]).toEqual([['live'], ['lab']])
    isAway = () => false
    timer.advance(1000)
    expect(asked).toEqual(['lab', '*'])
    await changes.until(() => questions === 3)
    expect(states).toEqual(['live', 'live'])
  })

  it('asks again for bridges that nobody told of', async () => {
    isAway = (command) => command === 'get_bridge_status'
    sequence += 1
    socket.text(JSON.stringify({ type: 'bridge.changed', sequence }))
    await happens('lab')
    timer.advance(120)
    await changes.until(() => questions === 2)
    isAway = () => false
    timer.advance(1000)
    await changes.until(() => questions === 3)
    expect(bridgesTold).toEqual([true, false, true])
  })

  it('asks while events follow each other without a pause', async () => {
    for (const image_id of ['one', 'two']) {
      await happens(image_id)
      timer.advance(100)
    }
    expect(asked.toSorted()).toEqual(['one', 'two'])
  })
})
