// What turns a token into a principal, and what may be said when it does not.
// A detail names what was wrong with the token; it never holds the token or a part of it.

import type { Outcome } from '../outcome.ts'
import type { Principal } from './principal.ts'

export type AccessFailure =
  | { readonly reason: 'unauthenticated'; readonly detail: string }
  /** Everything else about the token was good: a new one helps. */
  | { readonly reason: 'token_expired'; readonly expired_at: string }
  /** Nobody could be asked. Never an admission: what cannot be verified is refused. */
  | { readonly reason: 'upstream_unavailable'; readonly detail: string }

export type Access<Value> = Outcome<Value, AccessFailure>

export type Verifier = {
  verify(token: string): Promise<Access<Principal>>
}

/** Clocks of two machines may differ by this much: tolerance for `exp` and `nbf`. */
export const LEEWAY_S = 60

/** Refuses a token for what it is. */
export function refuse(detail: string): { readonly ok: false; readonly failure: AccessFailure } {
  return { ok: false, failure: { reason: 'unauthenticated', detail } }
}

/** Refuses because the STUI API cannot be asked. */
export function unavailable(detail: string): {
  readonly ok: false
  readonly failure: AccessFailure
} {
  return { ok: false, failure: { reason: 'upstream_unavailable', detail } }
}

/** True if the failure says nothing about the token. */
export function isAway(failure: AccessFailure): boolean {
  return failure.reason === 'upstream_unavailable'
}
