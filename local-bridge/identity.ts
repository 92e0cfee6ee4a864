// Who asks: keeps the developer's token and what the STUI API says of it, looks again before a verdict lapses, and says of
// each message whether it may be sent. The token goes to the session service and the STUI API, and nowhere else.

import type { Principal } from '../src/access/principal.ts'
import type { Access } from '../src/access/verifier.ts'
import type { Clock } from '../src/clock.ts'
import { type Outcome, succeed } from '../src/outcome.ts'
import { type Failure, fail } from '../src/protocol/failures.ts'
import type { Log } from './events.ts'
import { createIdentityReport } from './identity-report.ts'
import {
  type Good,
  hasEnded,
  isUsable,
  named,
  type Refusal,
  refusalOf,
  type Standing,
} from './standing.ts'
import type { Chance, Timer } from './timer.ts'
import type { TokenCheck } from './token-check.ts'
import type { TokenSource } from './token-source.ts'

/** A good verdict is believed for 60 s (specification section 6); the next one is there before. */
export const RECHECK_MS = 50_000

/** A refused token that did not change is asked about again on demand, but not more often than this. */
export const REFUSED_MS = 5000

/** Waits while the STUI API is away: the first, doubled up to the last, and up to a quarter more by chance. */
export const FIRST_WAIT_MS = 1000
export const LAST_WAIT_MS = 8000
const JITTER = 0.25

export type Identity = {
  /** The token to send a message with, or why it must not be sent. Waits for a verdict that is on its way. */
  admit(): Promise<Outcome<string, Failure>>
  /** The service has refused this token: looks again, and gives another token if there is a good one now. */
  reconsider(token: string): Promise<string | undefined>
  /** Whose token it is, as far as was ever verified; undefined once it was refused or has ended. */
  holder(): Principal | undefined
  /** The same with the token itself. */
  vouched(): Good | undefined
  /** A token that nobody could be asked about yet. */
  unchecked(): string | undefined
  stop(): void
}

export type IdentityDependencies = {
  readonly source: TokenSource
  readonly check: TokenCheck
  readonly clock: Clock
  readonly timer: Timer
  readonly chance: Chance
  readonly log: Log
}

/** Knows nothing until it has looked for the first time. */
export type NewIdentity = Identity & {
  look(): Promise<void>
  standing(): Standing
}

/** `first` is the token as it was at the start. */
export function createIdentity(
  { source, check, clock, timer, chance, log }: IdentityDependencies,
  first: string
): NewIdentity {
  const report = createIdentityReport(log)
  let standing: Standing = { kind: 'unchecked', token: first, detail: 'the STUI API was not asked' }
  let looking: Promise<void> | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let lookedToken: string | undefined
  let wait = 0
  let cancelNext = () => {}
  let stopped = false

  function look(): Promise<void> {
    looking ??= examine()
    return looking
  }

  async function examine() {
    cancelNext()
    lookedAt = timer.ticks()
    const token = currentToken()
    lookedToken = token
    const askedAt = clock.now()
    try {
      const verdict = await (knownAsEnded(token, askedAt) ?? check(token))
      if (!stopped) conclude(token, verdict, askedAt)
    } finally {
      looking = undefined
    }
  }

  function conclude(token: string, verdict: Access<Principal>, askedAt: number) {
    if (verdict.ok) standing = { kind: 'good', token, principal: verdict.value, askedAt }
    else if (verdict.failure.reason !== 'upstream_unavailable') {
      standing = { kind: 'refused', token, failure: told(verdict.failure, token) }
    } else return away(token, verdict.failure.detail)
    wait = 0
    report.decided(standing)
    lookIn(untilNext())
  }

  /** A file that cannot be read for a moment takes nobody's token away. */
  function currentToken(): string {
    const read = source.read()
    report.read(read)
    return read.ok ? read.value : (standing.token ?? first)
  }

  function knownAsEnded(token: string, now: number) {
    if (token !== standing.token) return undefined
    if (standing.kind === 'good' && hasEnded(standing, now)) return ended
    if (standing.kind !== 'refused' || standing.failure.reason !== 'token_expired') return undefined
    return { ok: false as const, failure: standing.failure }
  }

  function told(failure: Refusal, token: string) {
    const verified = standing.kind === 'good' && standing.token === token ? standing : undefined
    return named(failure, { token, verified: verified?.principal.expires_at, now: clock.now() })
  }

  /** What was good goes on in its time of grace; what is not known stays so. */
  function away(token: string, detail: string) {
    const knownGood = isUsable(standing, clock.now())
    if (!knownGood && token !== standing.token) standing = { kind: 'unchecked', token, detail }
    if (standing.kind === 'unchecked') standing = { ...standing, detail }
    wait = Math.min(Math.max(FIRST_WAIT_MS, wait * 2), LAST_WAIT_MS)
    const waitMs = Math.round(wait * (1 + JITTER * chance()))
    report.away({ detail, wait_ms: waitMs, known_good: knownGood })
    lookIn(waitMs)
  }

  function untilNext(): number {
    const end = standing.kind === 'good' ? standing.principal.expires_at : undefined
    return end === undefined ? RECHECK_MS : Math.min(RECHECK_MS, Math.max(0, end - clock.now()))
  }

  function lookIn(ms: number) {
    cancelNext()
    if (!stopped) cancelNext = timer.after(ms, () => void look())
  }

  function isOtherToken(): boolean {
    const read = source.read()
    return read.ok && read.value !== lookedToken
  }

  /** While the API is away only its own pace counts, however many messages come. */
  function isWorthLooking(): boolean {
    if (isOtherToken()) return true
    return wait === 0 && timer.ticks() - lookedAt >= REFUSED_MS
  }

  async function admit(): Promise<Outcome<string, Failure>> {
    if (!isUsable(standing, clock.now())) {
      if (looking === undefined && isWorthLooking()) void look()
      await looking
    }
    // Another token may have come while that one was asked about.
    if (!isUsable(standing, clock.now()) && isOtherToken()) await look()
    const now = standing
    if (isUsable(now, clock.now())) return succeed(now.token)
    return fail(refusalOf(now, source.advice))
  }

  async function reconsider(token: string): Promise<string | undefined> {
    await looking
    const isNew = isOtherToken()
    // The service may refuse what the STUI API calls good; then each message would be a question.
    const isDue = wait === 0 && timer.ticks() - lookedAt >= FIRST_WAIT_MS
    if (isNew || isDue) {
      report.contested()
      await look()
    } else if (wait === 0) lookIn(FIRST_WAIT_MS)
    return isUsable(standing, clock.now()) && standing.token !== token ? standing.token : undefined
  }

  return {
    look,
    standing: () => standing,
    admit,
    reconsider,
    holder: () => {
      if (standing.kind !== 'good' || hasEnded(standing, clock.now())) return undefined
      return standing.principal
    },
    vouched: () =>
      standing.kind === 'good' && !hasEnded(standing, clock.now()) ? standing : undefined,
    unchecked: () => (standing.kind === 'unchecked' ? standing.token : undefined),
    stop: () => {
      stopped = true
      cancelNext()
    },
  }
}

const ended = {
  ok: false,
  failure: { reason: 'unauthenticated', detail: 'the token has ended' },
} as const
