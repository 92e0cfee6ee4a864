// What is known of the developer's token, and what that means for a message. Pure: the time comes in.

import type { Principal } from '../src/access/principal.ts'
import type { AccessFailure } from '../src/access/verifier.ts'
import { isoTime } from '../src/clock.ts'
import type { Failure } from '../src/protocol/failures.ts'

/** How long after its last good verdict a token goes on while the STUI API is away, never past its end. */
export const GRACE_MS = 5 * 60_000

export type Refusal = Exclude<AccessFailure, { readonly reason: 'upstream_unavailable' }>

export type Standing =
  /** The STUI API said yes to the question of `askedAt`. */
  | {
      readonly kind: 'good'
      readonly token: string
      readonly principal: Principal
      readonly askedAt: number
    }
  | { readonly kind: 'refused'; readonly token?: string; readonly failure: Refusal }
  /** Nobody could be asked about this token yet. */
  | { readonly kind: 'unchecked'; readonly token: string; readonly detail: string }

export type Good = Extract<Standing, { readonly kind: 'good' }>

/** True while a message may be sent with the token. A clock that was set back makes a verdict old rather than young. */
export function isUsable(standing: Standing, now: number): standing is Good {
  if (standing.kind !== 'good' || hasEnded(standing, now)) return false
  const age = now - standing.askedAt
  return age >= 0 && age < GRACE_MS
}

export function hasEnded({ principal: { expires_at } }: Good, now: number): boolean {
  return expires_at !== undefined && now >= expires_at
}

/** Why a message with a token of this standing is refused, with the sentence that says what to do. */
export function refusalOf(standing: Standing, advice: string): Failure {
  switch (standing.kind) {
    case 'refused':
      if (standing.failure.reason === 'token_expired') return standing.failure
      return unauthenticated(`${standing.failure.detail}; ${advice}`)
    case 'unchecked':
      return unauthenticated(
        `${standing.detail}, so nobody could say yet whether the token is good; the bridge goes on asking, try again shortly`
      )
    case 'good':
      return unauthenticated(
        'the STUI API is away, and its last good word on the token is too old; the bridge goes on asking, try again shortly'
      )
    default:
      return standing satisfies never
  }
}

function unauthenticated(detail: string): Failure {
  return { reason: 'unauthenticated', detail }
}

/**
 * A refused token that has ended is told as expired: the STUI API says the same of unknown and expired ones.
 * The end is the one that was verified, or else the token's own claim, which is good enough for a refusal.
 */
export function named(failure: Refusal, { token, verified, now }: Ended): Refusal {
  const end = verified ?? claimedEnd(token)
  if (failure.reason === 'token_expired' || end === undefined || end > now) return failure
  return { reason: 'token_expired', expired_at: isoTime(end) }
}

type Ended = {
  readonly token: string
  readonly verified: number | undefined
  readonly now: number
}

/** 9999-12-31T23:59:59Z: a later time cannot be written on the wire. */
const MAX_TIME_S = 253_402_300_799

/** `exp` of a JWT in epoch milliseconds, unverified. */
function claimedEnd(token: string): number | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    const claims: unknown = JSON.parse(payload)
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims && claims.exp
    return typeof exp === 'number' && exp >= 0 && exp <= MAX_TIME_S ? exp * 1000 : undefined
  } catch {
    return undefined
  }
}
