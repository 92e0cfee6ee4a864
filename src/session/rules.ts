// The life of a session (specification section 5): active → expired → deleted, and closed on request.

import { isoTime } from '../clock.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { SessionChange, SessionRow } from '../storage/sessions.ts'
import type { Limits } from './limits.ts'

export type Status = 'active' | 'expired' | 'closed'

/** What a session is at this moment; a lease that ended counts before anybody has cleaned up. */
export function statusAt(session: SessionRow, now: number): Status {
  if (session.status === 'closed') return 'closed'
  return session.status === 'active' && session.expires_at > now ? 'active' : 'expired'
}

/** Whole seconds until the lease ends; 0 for a session that is not active. */
export function timeUntilExpiry(session: SessionRow, now: number): number {
  if (statusAt(session, now) !== 'active') return 0
  return Math.max(0, Math.floor((session.expires_at - now) / 1000))
}

/** Until when the session can be revived: retention after its last activity. */
export function restorableUntil(session: SessionRow, { retentionMs }: Limits): string {
  return isoTime(session.last_activity + retentionMs)
}

/** A lease that begins now. */
export function renewedLease(session: Pick<SessionRow, 'timeout'>, now: number) {
  return { last_activity: now, expires_at: now + session.timeout * 1000 } as const
}

/**
 * True if a sixtieth of the lease has passed. Looking at a session again and again would otherwise write each time;
 * its lease may be that much shorter than a full one, and the answer says when it ends.
 */
export function isWorthRenewing(session: SessionRow, now: number): boolean {
  const leaseMs = session.timeout * 1000
  return session.expires_at - now <= leaseMs - leaseMs / 60
}

/** The session if it is active, or why it cannot be worked with. */
export function requireActive(
  session: SessionRow,
  now: number,
  limits: Limits
): Outcome<SessionRow, Failure> {
  const { session_id } = session
  const restorable_until = restorableUntil(session, limits)
  switch (statusAt(session, now)) {
    case 'active':
      return succeed(session)
    case 'closed':
      return fail({
        reason: 'session_closed',
        session_id,
        closed_at: isoTime(session.closed_at ?? session.last_activity),
        restorable_until,
      })
    case 'expired':
      return fail({
        reason: 'session_expired',
        session_id,
        expired_at: isoTime(session.expires_at),
        restorable_until,
      })
  }
}

/** Refuses one more active session if the client has as many as it may have. */
export function mayOpenAnother(
  active: readonly SessionRow[],
  { activeSessions }: Limits
): Outcome<undefined, Failure> {
  if (active.length < activeSessions) return succeed(undefined)
  return fail({
    reason: 'session_limit_exceeded',
    limit: activeSessions,
    active: active.length,
    oldest_session_id: active[0]?.session_id ?? '',
  })
}

/** A closed or expired session made active again, with a new lease. */
export function revived(session: SessionRow, now: number): SessionChange {
  return {
    ...renewedLease(session, now),
    status: 'active',
    closed_at: null,
    close_reason: null,
    sequence: session.sequence + 1,
  }
}
