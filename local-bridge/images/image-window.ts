// The requests of one image: one that it works on, and those that wait. A request is handed over once and never again, and
// what was given up is not handed over at all: no image executes what nobody waits for.

import type { Outcome } from '../../src/outcome.ts'
import { succeed } from '../../src/outcome.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import type { Timer } from '../timer.ts'
import { type ImageLimits, MAX_ANSWER_BYTES } from './image-limits.ts'
import { createImageQueue } from './image-queue.ts'
import type { Frames, ImageSocket } from './image-socket.ts'

export type Asking = {
  readonly outcome: Promise<Outcome<Frames, Failure>>
  /** What a request is told that must be answered now. */
  undecided(): Failure
  /** Takes the request back if it has not been sent. */
  withdraw(): void
}

export type ImageWindow = {
  ask(body: Uint8Array): Asking
  /** Asks before all that wait; gives no answer if the connection goes. */
  askFirst(body: Uint8Array): Promise<Outcome<Frames, Failure>>
  /** There is a connection. */
  connected(): void
  /** There is none any more, or still none; true if a request was lost with it. */
  lost(why: string): boolean
  /** The milliseconds that the answer took; undefined if nobody waits for it any more. */
  answered(number: number, frames: Frames): number | undefined
  /** How long the image has been working on its request. */
  workingFor(): number | undefined
  /** How many requests wait for it. */
  waiting(): number
  isIdle(): boolean
  close(): void
}

export type WindowDependencies = {
  readonly name: string
  readonly send: ImageSocket['send']
  readonly timer: Timer
  readonly limits: ImageLimits
}

type Entry = {
  readonly body: Uint8Array
  readonly settle: (outcome: Outcome<Frames, Failure>) => void
  /** True for the bridge's own questions, which do not wait for a connection. */
  readonly isOwn: boolean
  sentAt: number | undefined
  stopWaiting: () => void
}

type Current = { readonly number: number; readonly entry: Entry; readonly sentAt: number }

/** A connection that has just been made may refuse the first request for a moment. */
const TAKE_AGAIN_MS = 5

const NOT_YET = 'it has not been connected to yet'
const CLOSED = 'the bridge has ended its connection'

export function createImageWindow({ name, send, timer, limits }: WindowDependencies): ImageWindow {
  const queue = createImageQueue<Entry>(limits)
  let current: Current | undefined
  let noConnection: string | undefined = NOT_YET
  let lastNumber = 0

  function ask(body: Uint8Array): Asking {
    const { entry, outcome } = newEntry(body, false)
    if (!queue.push(entry)) {
      settle(entry, fail({ reason: 'rate_limited', retry_after_ms: limits.retryAfterMs }))
    } else if (noConnection !== undefined) waitForConnection(entry)
    else void handOver()
    return {
      outcome,
      undecided: () => (entry.sentAt === undefined ? notRun() : timeout(limits.answerMs)),
      withdraw: () => giveUp(entry),
    }
  }

  function askFirst(body: Uint8Array) {
    const { entry, outcome } = newEntry(body, true)
    queue.putFirst(entry)
    void handOver()
    return outcome
  }

  /** Hands the next request over if the image works on none. */
  async function handOver(): Promise<void> {
    if (noConnection !== undefined || current !== undefined) return
    const entry = queue.next()
    if (entry === undefined) return
    lastNumber = (lastNumber + 1) >>> 0
    const mine = { number: lastNumber, entry, sentAt: timer.ticks() }
    current = mine
    entry.sentAt = mine.sentAt
    if ((await send(mine.number, entry.body)) || current !== mine) return
    current = undefined
    entry.sentAt = undefined
    queue.putFirst(entry)
    waitForConnection(entry)
    timer.after(TAKE_AGAIN_MS, () => void handOver())
  }

  function answered(number: number, frames: Frames): number | undefined {
    if (current?.number !== number) return undefined
    const { entry, sentAt } = current
    current = undefined
    settle(entry, checked(frames))
    void handOver()
    return timer.ticks() - sentAt
  }

  function connected(): void {
    noConnection = undefined
    for (const entry of queue.waiting()) entry.stopWaiting()
    void handOver()
  }

  function lost(why: string): boolean {
    const hadConnection = noConnection === undefined
    noConnection = why
    if (!hadConnection) return false
    const inFlight = current
    current = undefined
    for (const entry of queue.waiting()) waitForConnection(entry)
    if (inFlight !== undefined) settle(inFlight.entry, fail(unreachable(why, true)))
    return inFlight !== undefined
  }

  /** Soon over: an image that is gone costs nobody much time. */
  function waitForConnection(entry: Entry): void {
    entry.stopWaiting()
    if (entry.isOwn && noConnection !== undefined) giveUp(entry)
    else entry.stopWaiting = timer.after(limits.patienceMs, () => giveUp(entry))
  }

  function giveUp(entry: Entry): void {
    if (queue.remove(entry)) settle(entry, fail(notRun()))
  }

  function checked(frames: Frames): Outcome<Frames, Failure> {
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
    if (bytes <= MAX_ANSWER_BYTES) return succeed(frames)
    return fail(unreachable(`its answer has more than ${MAX_ANSWER_BYTES} bytes`, true))
  }

  function notRun(): Failure {
    const seconds = Math.round((workingFor() ?? 0) / 1000)
    const busy = `it has been working on an earlier request for ${seconds} s`
    return unreachable(noConnection ?? busy, false)
  }

  function unreachable(detail: string, may_have_run: boolean): Failure {
    return { reason: 'image_unreachable', image: name, detail, may_have_run }
  }

  function workingFor(): number | undefined {
    return current === undefined ? undefined : timer.ticks() - current.sentAt
  }

  function close(): void {
    lost(CLOSED)
    for (const entry of queue.waiting()) giveUp(entry)
  }

  const isIdle = () => current === undefined && queue.waiting().length === 0
  const waiting = () => queue.waiting().length
  return { ask, askFirst, connected, lost, answered, workingFor, waiting, isIdle, close }
}

function newEntry(body: Uint8Array, isOwn: boolean) {
  const { promise, resolve } = Promise.withResolvers<Outcome<Frames, Failure>>()
  const entry: Entry = { body, settle: resolve, isOwn, sentAt: undefined, stopWaiting: () => {} }
  return { entry, outcome: promise }
}

function settle(entry: Entry, outcome: Outcome<Frames, Failure>): void {
  entry.stopWaiting()
  entry.settle(outcome)
}

function timeout(after_ms: number): Failure {
  return { reason: 'timeout', after_ms }
}
