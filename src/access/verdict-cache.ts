// Remembers verdicts on tokens for a short time, so that few requests ask the STUI API, and a revocation is still noticed.
// Keyed by the SHA-256 of the token: no token is kept. What failed to be asked is never remembered as a refusal.

import type { Clock } from '../clock.ts'
import { type Outcome, succeed } from '../outcome.ts'
import { createBackOff } from './back-off.ts'
import { isToken } from './bearer.ts'
import { boundedMap } from './bounded-map.ts'
import type { Principal } from './principal.ts'
import { sharedWork } from './shared-work.ts'
import { API_LIMIT_MS, systemTimeLimit, type TimeLimit } from './stui-api.ts'
import {
  type Access,
  type AccessFailure,
  isAway,
  refuse,
  unavailable,
  type Verifier,
} from './verifier.ts'

/** The longest that a good verdict is believed, counted from when it was asked for (specification section 6). */
export const POSITIVE_MS = 60_000

/** The longest that a refusal is believed: a token may become good, an unknown one must not cost a request each time. */
export const NEGATIVE_MS = 5000

/** Verdicts of each kind that are kept. */
export const CAPACITY = 10_000

export type VerdictCacheOptions = {
  readonly clock: Clock
  readonly limit?: TimeLimit
  /**
   * How long after its last good verdict a token goes on while the STUI API is away, never past its `exp`.
   * 0, the default, is fail closed. What was revoked meanwhile cannot be known, so whoever sets this bounds that.
   */
  readonly graceMs?: number
  readonly capacity?: number
}

type Asked = {
  readonly askedAt: number
  /** Questions are counted, as a clock may be set back. */
  readonly nth: number
}
type Good = Asked & { readonly principal: Principal }
type Bad = Asked & { readonly failure: AccessFailure }

/** A verifier that also tells what it knows of a token without asking about it. */
export type RecallingVerifier = Verifier & {
  /** Undefined if the token would have to be asked about. */
  recall(token: string): Promise<Access<Principal> | undefined>
}

/** The same verifier, asked less often. */
export function cacheVerdicts(source: Verifier, options: VerdictCacheOptions): RecallingVerifier {
  const { clock, limit = systemTimeLimit, graceMs = 0, capacity = CAPACITY } = options
  // Apart, so that strangers with invented tokens cannot push out those who are known.
  const good = boundedMap<Good>(capacity)
  const bad = boundedMap<Bad>(capacity)
  const backOff = createBackOff(clock)
  let questions = 0
  const late = unavailable('the STUI API did not answer in time')
  const share = sharedWork<Access<Principal>>({ clock, limit, waitMs: API_LIMIT_MS, late })

  async function verify(token: string): Promise<Access<Principal>> {
    if (!isToken(token)) return refuse('the token is too long or has characters that no token has')
    const key = await digest(token)
    const known = remembered(key)
    if (known !== undefined) return known
    const verdict = await share(key, () => askAbout(key, token))
    if (verdict.ok || !isAway(verdict.failure)) return verdict
    return graced(key) ?? verdict
  }

  function remembered(key: string): Access<Principal> | undefined {
    const refusal = bad.get(key)
    if (refusal !== undefined && isYounger(refusal, NEGATIVE_MS)) {
      return { ok: false, failure: refusal.failure }
    }
    const verdict = good.get(key)
    if (verdict === undefined) return undefined
    if (isYounger(verdict, POSITIVE_MS) && !hasEnded(verdict)) return succeed(verdict.principal)
    // Who is known does not wait for an API that has just failed; who is unknown has nothing but its answer.
    return backOff.pausing() ? graced(key) : undefined
  }

  function graced(key: string): Outcome<Principal, never> | undefined {
    const verdict = good.get(key)
    if (verdict === undefined || !isYounger(verdict, graceMs) || hasEnded(verdict)) return undefined
    return succeed(verdict.principal)
  }

  async function askAbout(key: string, token: string): Promise<Access<Principal>> {
    // Counted from the question: a revocation that comes while the answer travels is noticed in time.
    const asked = { askedAt: clock.now(), nth: ++questions }
    const verdict = believed(await source.verify(token), asked)
    if (!verdict.ok && isAway(verdict.failure)) backOff.failed()
    else backOff.answered()
    keep(key, verdict, asked)
    return verdict
  }

  function keep(key: string, verdict: Access<Principal>, asked: Asked) {
    // A late answer to an overdue question must not undo a newer one.
    if (asked.nth < (good.get(key) ?? bad.get(key) ?? asked).nth) return
    if (verdict.ok) {
      bad.delete(key)
      good.set(key, { ...asked, principal: verdict.value })
    } else if (!isAway(verdict.failure)) {
      good.delete(key)
      bad.set(key, { ...asked, failure: verdict.failure })
    }
  }

  /** A clock that was set back makes a verdict old rather than young. */
  function isYounger({ askedAt }: Asked, ms: number): boolean {
    const age = clock.now() - askedAt
    return age >= 0 && age < ms
  }

  /** No leeway: past its `exp` a token is asked about each time. */
  function hasEnded({ principal: { expires_at } }: Good): boolean {
    return expires_at !== undefined && clock.now() >= expires_at
  }

  async function recall(token: string) {
    return isToken(token) ? remembered(await digest(token)) : undefined
  }

  return { verify, recall }
}

/** Says until when a good verdict is believed, for what outlives the request that it lets in. */
function believed(verdict: Access<Principal>, { askedAt }: Asked): Access<Principal> {
  if (!verdict.ok) return verdict
  return succeed({ ...verdict.value, believed_until: askedAt + POSITIVE_MS })
}

async function digest(token: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return String.fromCharCode(...new Uint8Array(hash))
}
