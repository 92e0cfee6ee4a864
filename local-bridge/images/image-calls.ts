// The calls to images. A message that arrives again while its first call runs joins that call, and an outcome that nobody
// heard is kept for whoever sends the message again: a retry executes nothing.

import { succeed } from '../../src/outcome.ts'
import { type Failure, fail } from '../../src/protocol/failures.ts'
import { isUniqueId } from '../../src/session/idempotency.ts'
import { type Arrival, type Asked, nameOf } from '../calls.ts'
import type { Log } from '../events.ts'
import type { Memory } from '../memory.ts'
import type { Reply } from '../reply-queue.ts'
import { type Foreign, NO_ID } from '../request.ts'
import type { Timer } from '../timer.ts'
import type { ImageLimits } from './image-limits.ts'
import type { Frames } from './image-socket.ts'
import type { Asking } from './image-window.ts'
import type { Images } from './images.ts'
import { createKeptOutcomes, type Settled } from './kept-outcomes.ts'
import { type NamedImage, namedImage, type SessionImages } from './session-images.ts'

/** An image's answer and whose it is. */
export type Passed = { readonly bytes: Frames; readonly outcome: 'passed'; readonly image: string }

export type ImageCalls = {
  ask(request: Foreign, arrival: Arrival): Asked<Passed>
  /** Says that a reply reached nobody: it is kept for whoever sends the message again. */
  undelivered(reply: Reply): void
}

export type ImageCallsDependencies = {
  readonly images: Images
  readonly sessions: SessionImages
  readonly latestOfPeer: Memory<string>
  readonly timer: Timer
  readonly limits: ImageLimits
  readonly log: Log
}

type Call = {
  readonly name: string
  readonly requestId: string
  readonly request: Foreign
  readonly ended: Promise<Settled>
  readonly waiting: Set<(settled: Settled | Promise<Settled>) => void>
  answerBy: number
  asking: Asking | undefined
}

const WAITS: Failure = {
  reason: 'image_unreachable',
  image: '',
  detail: 'earlier requests of the same connection have not been answered',
  may_have_run: false,
}

const UNHEARD = 'its answer came when nobody waited for it, and was too much to be kept'
const GIVEN = 'its answer was given before, and was too much to be kept'

export function createImageCalls(dependencies: ImageCallsDependencies): ImageCalls {
  const { images, sessions, latestOfPeer, timer, limits, log } = dependencies
  const running = new Map<string, Call>()
  const kept = createKeptOutcomes({ timer, limits, gone: UNHEARD })
  /** Apart from those that nobody has heard: there are many of these, and hardly one is asked for. */
  const heard = createKeptOutcomes({
    ...{ timer, limits: { ...limits, keptBytes: limits.givenBytes } },
    ...{ gone: GIVEN, largest: limits.largestGivenBytes },
  })
  /** Under which names the replies were given that are on their way to a client. */
  const given = new WeakMap<object, { readonly name: string; readonly settled: Settled }>()

  function ask(request: Foreign, arrival: Arrival): Asked<Passed> {
    const name = nameOf(request, arrival.peer)
    const repeated = request.id !== NO_ID || latestOfPeer.get(arrival.peer) === name
    latestOfPeer.set(arrival.peer, name)
    const earlier = repeated ? running.get(name) : undefined
    if (earlier !== undefined) return joined(waitFor(earlier), earlier.requestId)
    const settled = repeated ? (kept.get(name) ?? heard.get(name)) : undefined
    if (settled !== undefined) {
      // Without an id an equal message is a new request once the outcome of the first has been heard.
      if (request.id === NO_ID) kept.forget(name)
      return joined(Promise.resolve(settled), settled.requestId)
    }
    const call = begin(name, request, arrival)
    return { outcome: waitFor(call).then(passed), held: call.ended }
  }

  function joined(outcome: Promise<Settled>, by: string): Asked<Passed> {
    return { outcome: outcome.then(passed), held: outcome, joined: by }
  }

  function begin(name: string, request: Foreign, { requestId, turn }: Arrival): Call {
    const { promise, resolve, reject } = Promise.withResolvers<Settled>()
    const call: Call = {
      ...{ name, requestId, request, ended: promise, waiting: new Set(), answerBy: 0 },
      asking: undefined,
    }
    running.set(name, call)
    void run(call, turn).then(resolve, reject)
    return call
  }

  async function run(call: Call, turn: Promise<void>): Promise<Settled> {
    try {
      await turn
      const settled = await carried(call)
      remember(call, settled)
      return settled
    } finally {
      if (running.get(call.name) === call) running.delete(call.name)
      for (const give of call.waiting) give(call.ended)
    }
  }

  async function carried(call: Call): Promise<Settled> {
    const { requestId, request } = call
    const settled = { requestId, image: '' }
    if (call.answerBy - timer.ticks() < limits.worthSendingMs) {
      return { ...settled, outcome: fail(WAITS) }
    }
    const named = imageOf(request)
    const found = named === undefined ? images.only() : images.find(named)
    if (found === undefined) return { ...settled, outcome: fail(request.unknown) }
    if (!found.ok) return { ...settled, outcome: found }
    call.asking = found.value.ask(request.body)
    return { requestId, image: found.value.name, outcome: await call.asking.outcome }
  }

  /** What the message names itself counts before what its session says; undefined for a session that nobody knows. */
  function imageOf({ message }: Foreign): NamedImage | undefined {
    const { session_id } = message.parameters
    const isOfSession = typeof session_id === 'string' && session_id !== ''
    return namedImage(message.parameters) ?? (isOfSession ? sessions.get(session_id) : {})
  }

  /** Comes at the deadline if the call has not ended by then. A call that runs goes on, one that waits is taken back. */
  function waitFor(call: Call): Promise<Settled> {
    const { promise, resolve } = Promise.withResolvers<Settled>()
    const give = (settled: Settled | Promise<Settled>) => {
      call.waiting.delete(give)
      cancelDeadline()
      resolve(settled)
    }
    const cancelDeadline = timer.after(limits.answerMs, () => {
      const failure = call.asking?.undecided() ?? WAITS
      give({ requestId: call.requestId, image: '', outcome: fail(failure) })
      if (call.waiting.size === 0) call.asking?.withdraw()
    })
    call.waiting.add(give)
    call.answerBy = timer.ticks() + limits.answerMs
    return promise
  }

  /** An unknown outcome stays unknown, and an answer that nobody heard may still be asked for. */
  function remember({ name, request, waiting, requestId }: Call, settled: Settled): void {
    const { outcome } = settled
    const isHeard = waiting.size > 0
    if (outcome.ok && isHeard) {
      given.set(outcome.value, { name, settled })
      // Its client may have given up at this very moment, and asks again.
      if (isUniqueId(request.id)) heard.keep(name, settled)
      return
    }
    const mayHaveRun = outcome.ok || mayHaveRunWith(outcome.failure)
    if (mayHaveRun && (request.id !== NO_ID || !isHeard)) kept.keep(name, settled)
    if (isHeard || !mayHaveRun) return
    const told = outcome.ok ? 'passed' : outcome.failure.reason
    log({ event: 'late_outcome', request_id: requestId, outcome: told })
  }

  return {
    ask,
    undelivered: (reply) => {
      const to = typeof reply === 'object' ? given.get(reply) : undefined
      if (to !== undefined) kept.keep(to.name, to.settled)
    },
  }
}

function mayHaveRunWith(failure: Failure): boolean {
  return failure.reason === 'image_unreachable' && failure.may_have_run
}

function passed({ image, outcome }: Settled) {
  return outcome.ok ? succeed<Passed>({ bytes: outcome.value, outcome: 'passed', image }) : outcome
}
