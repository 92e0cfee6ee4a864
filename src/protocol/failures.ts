// Every way in which a command may be refused. The domain knows these reasons and nothing of how the wire tells them.

import { MAX_NESTING } from './limits.ts'

export type Failure =
  | { readonly reason: 'parse_error'; readonly detail: string }
  | { readonly reason: 'invalid_request'; readonly detail: string }
  | {
      readonly reason: 'unknown_command'
      readonly command: string
      readonly did_you_mean: readonly string[]
      /** What could be done so that somebody knows it. */
      readonly hint?: string
    }
  | {
      readonly reason: 'unsupported_version'
      readonly version: string
      readonly supported: readonly string[]
    }
  | { readonly reason: 'unauthenticated'; readonly detail: string }
  | { readonly reason: 'token_expired'; readonly expired_at: string }
  | { readonly reason: 'forbidden'; readonly detail: string; readonly required_tier?: string }
  | { readonly reason: 'missing_parameter'; readonly name: string }
  | { readonly reason: 'invalid_parameter'; readonly path: string; readonly detail: string }
  | { readonly reason: 'invalid_client_id' }
  | { readonly reason: 'client_not_allowed'; readonly client_id: string }
  | { readonly reason: 'session_not_found' }
  | {
      readonly reason: 'session_closed'
      readonly session_id: string
      readonly closed_at: string
      readonly restorable_until: string
      /** An admin asks: the way back tells no state. */
      readonly by_admin?: true
    }
  | {
      readonly reason: 'session_expired'
      readonly session_id: string
      readonly expired_at: string
      readonly restorable_until: string
      /** An admin asks: the way back tells no state. */
      readonly by_admin?: true
    }
  | {
      readonly reason: 'session_limit_exceeded'
      readonly limit: number
      readonly active: number
      readonly oldest_session_id: string
    }
  | {
      readonly reason: 'revision_conflict'
      readonly session_id: string
      readonly if_revision: number
      readonly current_revision: number
    }
  | { readonly reason: 'idempotency_conflict' }
  | { readonly reason: 'payload_too_large'; readonly bytes: number; readonly limit: number }
  | {
      readonly reason: 'session_too_large'
      readonly session_id: string
      readonly bytes: number
      readonly limit: number
      readonly largest: readonly { readonly component: string; readonly bytes: number }[]
    }
  | {
      readonly reason: 'storage_limit_exceeded'
      readonly bytes: number
      readonly limit: number
      /** When the session that was idle longest goes, if nobody uses it until then. */
      readonly next_deletion_at: string
    }
  | { readonly reason: 'rate_limited'; readonly retry_after_ms: number }
  | {
      readonly reason: 'session_corrupted'
      readonly session_id: string
      readonly components: readonly string[]
    }
  | { readonly reason: 'upstream_unavailable'; readonly detail: string }
  | { readonly reason: 'journal_full'; readonly detail: string }
  | {
      readonly reason: 'image_unreachable'
      /** As the bridge names it; empty if it was not looked for yet. */
      readonly image: string
      readonly detail: string
      /** True if the image may have executed the request. */
      readonly may_have_run: boolean
      /** The images that could be meant, where nobody knows which one is. */
      readonly choices?: readonly string[]
    }
  | { readonly reason: 'timeout'; readonly after_ms: number }
  | { readonly reason: 'internal_error' }

export type Reason = Failure['reason']

/** Why a command that is about an active session may be refused. */
export const ACTIVE_SESSION_FAILURES = [
  'invalid_client_id',
  'client_not_allowed',
  'session_not_found',
  'session_closed',
  'session_expired',
] as const satisfies readonly Reason[]

/** Refuses: the one way in which a rule says no. */
export function fail(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure }
}

/** Refuses a parameter that nests deeper than the wire allows. */
export function tooDeep(path: string): { readonly ok: false; readonly failure: Failure } {
  return fail({
    reason: 'invalid_parameter',
    path,
    detail: `it nests deeper than ${MAX_NESTING} levels`,
  })
}
