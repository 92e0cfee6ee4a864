// Worker or replica: where each message of a client is answered. The service comes first; the replica answers while the
// service is away, silent for too long, or behind what was acknowledged here.

import type { Outcome } from '../src/outcome.ts'
import { type Failure, fail } from '../src/protocol/failures.ts'
import type { Limits } from './limits.ts'
import type { Carriage, Errand, Relay } from './relay.ts'
import type { Standby } from './replica/standby.ts'
import { sleep, type Timer, within } from './timer.ts'
import type { UpstreamReply } from './upstream.ts'

/** How long a message waits for a look at a service that was away: it may be there again, but nobody waits for nothing. */
const LOOK_PATIENCE_MS = 100

/** How soon a message that waits for others to be delivered looks again. */
const LOOK_AGAIN_MS = 10

type Given = Outcome<UpstreamReply, Failure>

export type DeliveryDependencies = {
  readonly relay: Relay
  readonly standby: Pick<Standby, 'link' | 'isAhead' | 'caughtUp' | 'answer' | 'passed'>
  readonly timer: Timer
  readonly limits: Limits
}

/** A relay with a replica behind it. */
export function createDelivery({ relay, standby, timer, limits }: DeliveryDependencies): Relay {
  const { link } = standby

  async function carry(errand: Errand): Promise<Given> {
    // Its client was told so already, and may have sent it again: it is not carried out here either.
    if (errand.answerBy <= timer.ticks()) return fail(undecided(errand))
    link.wake()
    const here = await answeredHere(errand)
    if (here !== undefined) return here
    const carriage: Carriage = { isWithdrawn: false }
    const carried = relay.carry(errand, carriage).then((given) => heard(errand, carriage, given))
    const first = await untilAway(errand, carried)
    if (first?.ok === true || (first !== undefined && !(await isAway(first.failure)))) return first
    if (first === undefined && link.isUp()) void link.suspect()
    const own = standby.answer(errand.request, errand)
    if (!isLeftToService(own)) {
      // What was sent may still be carried out, and is recognised when it is delivered; nothing new is sent.
      carriage.isWithdrawn = true
      return own
    }
    noteWhy(errand, own)
    if (first === undefined && !link.isUp()) {
      carriage.isWithdrawn = true
      return fail(away(errand))
    }
    return carried.then((given) => (given.ok ? given : fail(withReason(given.failure, errand))))
  }

  /** What is answered without the service: what comes before its answer, and everything while it is known to be away. */
  async function answeredHere(errand: Errand): Promise<Given | undefined> {
    for (;;) {
      const ahead = await answeredAhead(errand)
      if (ahead !== undefined || link.isUp()) return ahead
      const given = await answeredOffline(errand)
      // There again: what waited meanwhile comes first.
      if (given !== undefined || !link.isUp()) return given
    }
  }

  /** What only the service can do is refused, and not waited for; undefined if the service has to be asked all the same. */
  async function answeredOffline(errand: Errand): Promise<Given | undefined> {
    const own = standby.answer(errand.request, errand)
    if (!isLeftToService(own)) return own
    // The relay knows better what is wrong with a token.
    if (own.failure.reason === 'unauthenticated') return undefined
    if (await within(timer, LOOK_PATIENCE_MS, link.look())) return undefined
    noteWhy(errand, own)
    return fail(away(errand))
  }

  /** The service's answer; undefined if it is away, or takes too long. */
  async function untilAway(errand: Errand, carried: Promise<Given>): Promise<Given | undefined> {
    const away = Promise.withResolvers<undefined>()
    const forget = link.onLost(() => away.resolve(undefined))
    try {
      return await within(timer, leftFor(errand), Promise.race([carried, away.promise]))
    } finally {
      forget()
    }
  }

  /** The replica's answer, where the service is away or lacks what was acknowledged here. */
  async function answeredAhead(errand: Errand): Promise<Given | undefined> {
    const { request } = errand
    while (link.isUp() && standby.isAhead(request)) {
      const own = standby.answer(request, errand)
      if (!isLeftToService(own)) return own
      const left = leftFor(errand)
      if (left <= 0) return own
      await within(timer, left, standby.caughtUp(request))
      // Nothing may have been on its way yet: what it waits for gets its turn.
      await sleep(timer, Math.min(left, LOOK_AGAIN_MS))
    }
    return undefined
  }

  /** How long the service may still take before the replica answers. */
  function leftFor({ answerBy }: Errand): number {
    return Math.max(0, answerBy - timer.ticks() - (limits.decideAfterMs - limits.standInAfterMs))
  }

  /** Without the service nobody says that the token is good; then it is not the token that is wrong. */
  async function isAway({ reason }: Failure): Promise<boolean> {
    if (reason === 'unauthenticated') return !(await link.look())
    return reason === 'upstream_unavailable' || reason === 'timeout'
  }

  function heard(errand: Errand, { isWithdrawn }: Readonly<Carriage>, given: Given): Given {
    if (!given.ok) return given
    link.heard()
    // Too late: the client has its answer, and the delivery of that work hears what became of it.
    if (isWithdrawn) return given
    return { ok: true, value: standby.passed(errand.request, given.value) }
  }

  function undecided(errand: Errand): Failure {
    return withReason(relay.undecided(errand), errand)
  }

  return { carry, undecided }
}

/** True if this machine has no answer, so that only the service can give one. */
function isLeftToService(own: Given): own is Extract<Given, { readonly ok: false }> {
  if (own.ok) return false
  return own.failure.reason === 'upstream_unavailable' || own.failure.reason === 'unauthenticated'
}

function noteWhy(errand: Errand, { failure }: Extract<Given, { readonly ok: false }>): void {
  if (failure.reason === 'upstream_unavailable') errand.notHere = failure.detail
}

/** What is told while the service is known to be away. */
function away(errand: Errand): Failure {
  return withReason({ reason: 'upstream_unavailable', detail: 'it cannot be reached' }, errand)
}

/** Why the service gave no answer, and why this machine has none either. */
function withReason(failure: Failure, { notHere }: Errand): Failure {
  if (failure.reason !== 'upstream_unavailable' || notHere === undefined) return failure
  return { ...failure, detail: `${failure.detail}, and ${notHere}` }
}
