// get_session_statistics: sums of what the clients of the team have reported.

import { limitsOfTier } from '../../access/features.ts'
import { isoTime } from '../../clock.ts'
import { ALL_IMAGES } from '../../image/listing.ts'
import { succeed } from '../../outcome.ts'
import type { Caller } from '../../protocol/call.ts'
import { bindingLimits, type Limits } from '../../session/limits.ts'
import { toldCleaned } from '../cleaned.ts'
import type { TeamHandler } from '../context.ts'

export const getSessionStatistics: TeamHandler<'get_session_statistics'> = (
  _,
  { store, limits, images, caller, now }
) => {
  const totals = store.sessions.totals()
  const { active = 0, expired = 0, closed = 0 } = totals ?? {}
  return succeed({
    total_sessions: active + expired + closed,
    active_clients: totals?.active_clients ?? 0,
    max_sessions_per_client: mostSessions(limits, caller),
    default_timeout: limits.defaultTimeoutS,
    cleanup_interval: limits.cleanupIntervalS,
    active_sessions: active,
    expired_sessions: expired,
    closed_sessions: closed,
    orphaned_sessions: store.sessions.countIn(images.orphaned(now)),
    images: totals?.images ?? 0,
    total_bytes: totals?.bytes ?? 0,
    cleaned: toldCleaned(store.cleaned.of(ALL_IMAGES)),
    as_of: isoTime(totals === undefined || totals.reported_at === 0 ? now : totals.reported_at),
  })
}

/** What binds the caller, whose subscription may allow more than the operator does. */
function mostSessions(limits: Limits, { tier }: Caller): number {
  if (tier === undefined) return limits.activeSessions
  return bindingLimits(limits, limitsOfTier(tier)).activeSessions
}
