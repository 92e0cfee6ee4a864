// Carries one call to the session service: tries again while the service cannot be reached and somebody still waits.

import type { Outcome } from '../src/outcome.ts'
import { type Failure, fail } from '../src/protocol/failures.ts'
import type { Log } from './events.ts'
import type { Limits } from './limits.ts'
import type { Standby } from './replica/standby.ts'
import type { Request } from './request.ts'
import { sleep, type Timer } from './timer.ts'
import type { Upstream, UpstreamFailure, UpstreamReply } from './upstream.ts'

/** A call on its way. What is not readonly changes while it runs. */
export type Errand = {
  readonly requestId: string
  readonly request: Request
  readonly body: Uint8Array
  /** The same for every attempt, so that the service executes only one of them. */
  readonly deliveryId: string | undefined
  readonly isOpen: boolean
  readonly abort: AbortController
  /** The moment by which the last request that waits for the outcome is answered. */
  answerBy: number
  sent: boolean
  /** Why the last attempt that ended did not reach the service. */
  unreachable: string | undefined
  /** Why this machine has no answer either. */
  notHere?: string
}

/** An errand may be carried more than once; what was given up the first time stays so. */
export type Carriage = {
  /** True once it was answered from this machine: no further attempt is made. */
  isWithdrawn: boolean
}

export type Relay = {
  /** Never rejects for what the network does. */
  carry(errand: Errand, carriage?: Readonly<Carriage>): Promise<Outcome<UpstreamReply, Failure>>
  /** What a request is told that must be answered before there is an outcome. */
  undecided(errand: Errand): Failure
}

export type RelayDependencies = {
  readonly upstream: Upstream
  readonly timer: Timer
  readonly limits: Limits
  readonly log: Log
  /** Answers where the service does not. */
  readonly standby?: Standby | undefined
}

export function createRelay({ upstream, timer, limits, log, standby }: RelayDependencies): Relay {
  let unreachable: string | undefined

  async function carry(
    errand: Errand,
    carriage: Readonly<Carriage> = { isWithdrawn: false }
  ): Promise<Outcome<UpstreamReply, Failure>> {
    if (errand.answerBy - timer.ticks() < limits.worthSendingMs) return fail(undecided(errand))
    errand.sent = true
    const cancelLimit = timer.after(limits.upstreamMs, () => errand.abort.abort())
    const outcome = await attempts(errand, carriage)
    cancelLimit()
    return outcome
  }

  async function attempts(
    errand: Errand,
    carriage: Readonly<Carriage>
  ): Promise<Outcome<UpstreamReply, Failure>> {
    let wait = limits.firstRetryMs
    for (;;) {
      const attempt = await upstream.send(errand.body, {
        requestId: errand.requestId,
        deliveryId: errand.deliveryId,
        isOpen: errand.isOpen,
        signal: errand.abort.signal,
      })
      unreachable = detailIfUnreachable(attempt)
      if (attempt.ok) return attempt
      if (unreachable === undefined) return fail(toFailure(attempt.failure))
      errand.unreachable = unreachable
      void standby?.link.look()
      log({
        event: 'upstream_retry',
        request_id: errand.requestId,
        detail: unreachable,
        wait_ms: wait,
      })
      await sleep(timer, wait)
      if (carriage.isWithdrawn || errand.answerBy <= timer.ticks()) return fail(undecided(errand))
      wait = Math.min(wait * 2, limits.lastRetryMs)
    }
  }

  function undecided({ sent, unreachable: own }: Errand): Failure {
    const detail = sent ? own : unreachable
    if (detail !== undefined) return { reason: 'upstream_unavailable', detail }
    return { reason: 'timeout', after_ms: limits.decideAfterMs }
  }

  function toFailure(failure: UpstreamFailure): Failure {
    switch (failure.reason) {
      case 'unreachable':
      case 'unusable':
        return { reason: 'upstream_unavailable', detail: failure.detail }
      case 'aborted':
        return { reason: 'timeout', after_ms: limits.upstreamMs }
      case 'not_admitted':
        return failure.failure
      default:
        return failure satisfies never
    }
  }

  return { carry, undecided }
}

function detailIfUnreachable(attempt: Outcome<UpstreamReply, UpstreamFailure>): string | undefined {
  return !attempt.ok && attempt.failure.reason === 'unreachable'
    ? attempt.failure.detail
    : undefined
}
