// Decides what every message gets: exactly one reply, in time, whatever arrives. Knows no sockets and never throws:
// the one catch of the bridge is here.

import { randomUUID } from 'node:crypto'
import { type Clock, isoTime } from '../src/clock.ts'
import type { Outcome } from '../src/outcome.ts'
import type { FailedCall } from '../src/protocol/catalogue.ts'
import { type Failure, fail } from '../src/protocol/failures.ts'
import { errorReply } from '../src/protocol/reply.ts'
import { createAdmission } from './admission.ts'
import type { Arrival } from './calls.ts'
import { createDestinations, type PassThrough } from './destinations.ts'
import type { Log } from './events.ts'
import { LIMITS, type Limits } from './limits.ts'
import type { Inquiries } from './operate/inquiries.ts'
import { createPeerOrder } from './peer-order.ts'
import type { Standby } from './replica/standby.ts'
import { bytesOf, type Reply } from './reply-queue.ts'
import {
  type Foreign,
  type Inquiry,
  NO_ID,
  type Refusal,
  type Request,
  readRequest,
} from './request.ts'
import type { Expired } from './revival.ts'
import { systemTimer, type Timer } from './timer.ts'
import type { Upstream } from './upstream.ts'

export type Bridge = {
  /** Gives the one reply to a message: the service's or the image's own bytes, or a refusal. */
  answer(peer: Buffer, bodies: readonly Uint8Array[]): Promise<Reply>
  /** Says that a reply reached nobody. */
  undelivered(reply: Reply): void
  /** Resolves when the next message should be read. */
  room(): Promise<void>
  /** From now on new messages are refused; those that run go on. */
  refuseNew(): void
  /** Ends every call to the service. */
  abandon(): void
}

export type BridgeDependencies = {
  readonly upstream: Upstream
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Limits
  readonly timer?: Timer
  readonly newId?: () => string
  /** Without it a command that is not ours is unknown. */
  readonly passThrough?: PassThrough
  /** Answers where the service does not; without it the service's absence is told. */
  readonly standby?: Standby | undefined
  /** What becomes of sessions whose lease has ended; they are refused if absent. */
  readonly expired?: Expired | undefined
  /** Answers what is asked about the bridge; without it such a question is unknown. */
  readonly inquiries?: Inquiries
}

/** A message as it came, before anything is decided. */
type Received = {
  readonly requestId: string
  readonly peer: string
  readonly since: number
  readonly bytes: number
}

/** A reply and what the log says of it. */
type Answer = {
  readonly reply: Reply
  readonly outcome: string
  readonly command?: string
  readonly image?: string
  readonly joined?: string
}

/** What a reply takes from its message. */
type Spelled = Pick<Refusal, 'id' | 'dialect'>

function spelled({ id, dialect }: Spelled): Spelled {
  return { id, ...(dialect !== undefined && { dialect }) }
}

/** What fails at once holds nothing. */
function orUndo<Value>(work: () => Value, undo: () => void): Value {
  try {
    return work()
  } catch (error) {
    undo()
    throw error
  }
}

/** Who refuses what is refused here: the bridge, which can be asked how it is. */
const HERE: FailedCall = { by: 'bridge' }

const STOPPING: Failure = { reason: 'upstream_unavailable', detail: 'the bridge is stopping' }

/** @example createBridge({ upstream, clock: systemClock, log }).answer(identity, [body]) */
export function createBridge({
  upstream,
  clock,
  log,
  limits = LIMITS,
  timer = systemTimer,
  newId = randomUUID,
  passThrough,
  standby,
  expired,
  inquiries,
}: BridgeDependencies): Bridge {
  const order = createPeerOrder()
  const admission = createAdmission({ limits, timer })
  const destinations = createDestinations({
    ...{ upstream, timer, limits, log, newId, passThrough, standby, expired },
  })
  const full: Failure = { reason: 'rate_limited', retry_after_ms: limits.retryAfterMs }
  let stopping = false

  async function answer(peer: Buffer, bodies: readonly Uint8Array[]) {
    const received: Received = {
      requestId: newId(),
      peer: peer.toString('latin1'),
      since: timer.ticks(),
      bytes: bodies.reduce((bytes, body) => bytes + body.length, 0),
    }
    const given = await decided(received, bodies)
    report(received, given)
    return given.reply
  }

  async function decided(received: Received, bodies: readonly Uint8Array[]): Promise<Answer> {
    let asked: Spelled = { id: NO_ID }
    try {
      const reading = readRequest(bodies)
      asked = reading.ok ? reading.value : reading.failure
      return await decide(received, asked, reading)
    } catch (error) {
      const stack = error instanceof Error ? String(error.stack) : 'a value was thrown'
      log({ event: 'fault', request_id: received.requestId, stack })
      return refuse(received, { ...spelled(asked), failure: { reason: 'internal_error' } }, HERE)
    }
  }

  /** What finds no place is refused out of turn: to keep it in order would be to hold it. */
  function decide(
    received: Received,
    asked: Spelled,
    reading: Outcome<Request | Foreign | Inquiry, Refusal>
  ): Promise<Answer> | Answer {
    if (stopping) return refuse(received, { ...spelled(asked), failure: STOPPING })
    const leave = admission.enter(received.bytes)
    if (leave === undefined) return refuse(received, { ...spelled(asked), failure: full })
    return order.inOrder(received.peer, async (turn) => {
      if (reading.ok) return relay(reading.value, { ...received, turn }, leave)
      void turn.then(leave)
      return refuse(received, reading.failure, HERE)
    })
  }

  async function inform(inquiry: Inquiry, received: Received): Promise<Answer> {
    const { command } = inquiry.facts
    const unknown: Failure = { reason: 'unknown_command', command, did_you_mean: [] }
    const given = (await inquiries?.(inquiry, received.requestId)) ?? fail(unknown)
    if (given.ok) return { command, reply: given.value, outcome: 'success' }
    return { command, ...refuse(received, { ...spelled(inquiry), failure: given.failure }, HERE) }
  }

  async function relay(
    request: Request | Foreign | Inquiry,
    arrival: Received & Arrival,
    leave: () => void
  ): Promise<Answer> {
    if (request.to === 'bridge') {
      void arrival.turn.then(leave)
      return inform(request, arrival)
    }
    const { outcome, held, joined } = orUndo(() => destinations.ask(request, arrival), leave)
    void held.then(leave, leave)
    const given = await outcome
    const about = {
      ...(request.to === 'service' && { command: request.facts.command }),
      ...(joined !== undefined && { joined }),
    }
    if (given.ok) {
      const { bytes, ...told } = given.value
      return { ...about, ...told, reply: bytes }
    }
    const refusal = { ...spelled(request), failure: given.failure }
    return { ...about, ...refuse(arrival, refusal, { ...request.facts, ...HERE }) }
  }

  function refuse({ requestId }: Received, refusal: Refusal, call: FailedCall = {}): Answer {
    const timestamp = isoTime(clock.now())
    const reply = errorReply({ ...refusal, call, timestamp, meta: { request_id: requestId } })
    return { reply, outcome: refusal.failure.reason }
  }

  function report({ requestId, since, bytes }: Received, { reply, ...about }: Answer): void {
    log({
      event: 'command',
      request_id: requestId,
      ...about,
      duration_ms: Math.round((timer.ticks() - since) * 100) / 100,
      bytes_in: bytes,
      bytes_out: bytesOf(reply),
    })
  }

  return {
    answer,
    room: admission.room,
    undelivered: destinations.undelivered,
    abandon: destinations.abandon,
    refuseNew: () => {
      stopping = true
    },
  }
}
