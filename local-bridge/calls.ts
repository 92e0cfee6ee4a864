// The calls to the session service. A message that arrives again while its first call runs joins that call, and one that
// arrives again after it was left without an answer is sent with the same delivery id: nothing is executed twice.

import { hash } from 'node:crypto'
import type { Outcome } from '../src/outcome.ts'
import { type Failure, fail } from '../src/protocol/failures.ts'
import { createDelivery } from './delivery.ts'
import { createMemory, type Memory } from './memory.ts'
import { createRelay, type Errand, type Relay, type RelayDependencies } from './relay.ts'
import type { Reply } from './reply-queue.ts'
import { NO_ID, type Request } from './request.ts'
import { createRevival, type Expired } from './revival.ts'
import type { UpstreamReply } from './upstream.ts'

/** The service's answer, or why there is none. */
export type Result = Outcome<UpstreamReply, Failure>

export type Arrival = {
  readonly requestId: string
  readonly peer: string
  /** Resolves when everything this peer sent before has been answered. */
  readonly turn: Promise<void>
}

export type Asked<Value> = {
  /** Comes within the deadline. */
  readonly outcome: Promise<Outcome<Value, Failure>>
  /** Ends when nothing of the request is held any more; a call may outlast its answer. */
  readonly held: Promise<unknown>
  /** The request that this one joined. */
  readonly joined?: string
}

/** What is held is the call, which ends with what became of it. */
type AskedHere = Asked<UpstreamReply> & { readonly held: Promise<Result> }

export type Calls = {
  ask(request: Request, arrival: Arrival): AskedHere
  /** Says that a reply reached nobody: its message may well be sent again. */
  undelivered(reply: Reply): void
  /** Ends every call that runs. */
  abandon(): void
}

export type CallsDependencies = RelayDependencies & {
  readonly newId: () => string
  /** Sessions whose lease has ended are refused if absent. */
  readonly expired?: Expired | undefined
  /** The name of what each peer sent last, to whomever it went. */
  readonly latestOfPeer: Memory<string>
}

type Call = Errand & {
  readonly name: string
  readonly ended: Promise<Result>
  /** What gives the outcome to a request that still waits for it. */
  readonly waiting: Set<(outcome: Eventually) => void>
}

type Eventually = Result | Promise<Result>

export function createCalls({ newId, latestOfPeer, ...dependencies }: CallsDependencies): Calls {
  const { timer, limits, log, expired } = dependencies
  const answering = withStandby(createRelay(dependencies), dependencies)
  const relay = expired === 'revive' ? createRevival({ relay: answering, newId, log }) : answering
  const memory = { timer, entries: limits.remembered, ms: limits.upstreamMs }
  const unanswered = createMemory<string>(memory)
  const joinable = new Map<string, Call>()
  const running = new Set<Call>()
  /** Whose the replies are that are on their way, and to how many clients. */
  const given = new WeakMap<object, { readonly call: Call; clients: number }>()

  function ask(request: Request, arrival: Arrival): AskedHere {
    const name = nameOf(request, arrival.peer)
    // Without an id an equal message is a retry only if the peer has sent nothing else since:
    // of the updates x, y, x the last one is meant.
    const repeated = request.id !== NO_ID || latestOfPeer.get(arrival.peer) === name
    latestOfPeer.set(arrival.peer, name)
    const earlier = repeated ? joinable.get(name) : undefined
    if (earlier !== undefined) {
      const outcome = waitFor(earlier)
      return { outcome, held: outcome, joined: earlier.requestId }
    }
    const lasting = request.isNamed ? dependencies.standby?.deliveryId(request) : undefined
    const deliveryId = lasting ?? (repeated ? unanswered.get(name) : undefined) ?? newId()
    const call = begin(name, request, arrival, deliveryId)
    return { outcome: waitFor(call), held: call.ended }
  }

  function begin(name: string, request: Request, arrival: Arrival, deliveryId: string): Call {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const call: Call = {
      name,
      requestId: arrival.requestId,
      request,
      body: request.body,
      deliveryId: request.needsDeliveryId ? deliveryId : undefined,
      isOpen: request.isOpen,
      abort: new AbortController(),
      ended: promise,
      waiting: new Set(),
      answerBy: 0,
      sent: false,
      unreachable: undefined,
    }
    joinable.set(name, call)
    running.add(call)
    void run(call, arrival.turn).then(resolve, reject)
    return call
  }

  async function run(call: Call, turn: Promise<void>): Promise<Result> {
    try {
      await turn
      const result = await relay.carry(call)
      if (call.sent) remember(call, result)
      return result
    } finally {
      running.delete(call)
      if (joinable.get(call.name) === call) joinable.delete(call.name)
      for (const give of call.waiting) give(call.ended)
    }
  }

  /** Comes at the deadline if the call has not ended by then; the call goes on. */
  function waitFor(call: Call): Promise<Result> {
    const { promise, resolve } = Promise.withResolvers<Result>()
    const give = (outcome: Eventually) => {
      call.waiting.delete(give)
      cancelDeadline()
      resolve(outcome)
    }
    const cancelDeadline = timer.after(limits.decideAfterMs, () =>
      give(fail(relay.undecided(call)))
    )
    call.waiting.add(give)
    call.answerBy = timer.ticks() + limits.decideAfterMs
    return promise
  }

  /** An answer that somebody gets settles the matter; otherwise the client may well send the message again. */
  function remember(call: Call, result: Result): void {
    const isHeard = call.waiting.size > 0
    if (result.ok && isHeard) {
      unanswered.delete(call.name)
      given.set(result.value.bytes, { call, clients: call.waiting.size })
    } else if (call.deliveryId !== undefined) unanswered.set(call.name, call.deliveryId)
    if (isHeard) return
    log({
      event: 'late_outcome',
      request_id: call.requestId,
      outcome: result.ok ? result.value.outcome : result.failure.reason,
    })
  }

  function undelivered(reply: Reply): void {
    const lost = typeof reply === 'object' ? given.get(reply) : undefined
    if (lost === undefined) return
    lost.clients -= 1
    const { name, deliveryId } = lost.call
    if (lost.clients === 0 && deliveryId !== undefined) unanswered.set(name, deliveryId)
  }

  return {
    ask,
    undelivered,
    abandon: () => {
      for (const call of running) call.abort.abort()
    },
  }
}

/** The relay, with what stands by for the service behind it. */
function withStandby(relay: Relay, { standby, timer, limits }: RelayDependencies): Relay {
  return standby === undefined ? relay : createDelivery({ relay, standby, timer, limits })
}

/** Equal names are the same request: the same bytes and, where no id tells requests apart, the same peer. */
export function nameOf({ id, body }: Pick<Request, 'id' | 'body'>, peer: string): string {
  const digest = hash('sha256', body, 'base64')
  return id === NO_ID ? `${digest} ${peer}` : digest
}
