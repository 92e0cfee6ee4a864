// cleanup_image_sessions: closes what nobody will miss, and says why. Everything can be revived until retention ends.

import { isoTime } from '../../clock.ts'
import type { KnownImage } from '../../image/record.ts'
import { seenBy } from '../../image/told.ts'
import { succeed } from '../../outcome.ts'
import type { ParametersOf } from '../../protocol/command.ts'
import { MAX_CLEANED } from '../../protocol/limits.ts'
import type { CommandNamed } from '../../protocol/registry.ts'
import type { SessionRow } from '../../storage/sessions.ts'
import { type CleaningReason, closeReasonOf } from '../cleaned.ts'
import type { Context, Handler } from '../context.ts'
import { type Images, isOrphanedSession, knownImages, notOfTeam } from '../images.ts'
import { statusAt } from '../rules.ts'
import { asUse } from '../usage.ts'

type Asked = ParametersOf<CommandNamed<'cleanup_image_sessions'>>

const HOUR_MS = 3_600_000

export const cleanupImageSessions: Handler<'cleanup_image_sessions'> = (parameters, context) => {
  const { store, limits, now } = context
  const ofTeam = notOfTeam(parameters)
  if (!ofTeam.ok) return ofTeam
  const { image_id, dry_run = false } = parameters
  const images = knownImages(context, [image_id])
  const open = store.imageSessions.open(image_id)
  const due = open.flatMap((session) => {
    const reason = reasonToClose(session, parameters, images, now)
    return reason === undefined ? [] : [{ session, reason }]
  })
  const cleaned = due.slice(0, MAX_CLEANED)
  if (cleaned.length < due.length) {
    context.warn(`${due.length - cleaned.length} more are to be closed: send the command again.`)
  }
  if (!dry_run) {
    const image = images.get(image_id)
    for (const { session, reason } of cleaned) close(session, reason, image, context)
  }
  if (dry_run || cleaned.length === 0) {
    context.audit({ action: 'image_looked_over', detail: { image_id, dry_run }, isNote: true })
  }
  return succeed({
    image_id,
    sessions_cleaned: cleaned.length,
    sessions_remaining: open.length - cleaned.length,
    cleanup_details: Object.fromEntries(
      cleaned.map(({ session, reason }) => [session.session_id, reason])
    ),
    dry_run,
    restorable_until: isoTime(now + limits.retentionMs),
    next_cursor: '',
  })
}

/** Why a session is to be closed; undefined if it stays. */
function reasonToClose(
  session: SessionRow,
  asked: Asked,
  images: Images,
  now: number
): CleaningReason | undefined {
  const { cleanup_orphaned = true, cleanup_expired = true, preserve_active = true } = asked
  const { max_age_hours, force = false } = asked
  const isOld = max_age_hours !== undefined && now - session.last_activity > max_age_hours * HOUR_MS
  const isUnderAge = max_age_hours !== undefined && !isOld && !force
  const isKept = preserve_active && isUsedWithout(images.get(session.image_id), session, now)
  if (cleanup_orphaned && !isUnderAge && !isKept && isOrphanedSession(session, images, now)) {
    return 'orphaned'
  }
  if (statusAt(session, now) === 'expired') {
    return cleanup_expired && !isUnderAge ? 'expired' : undefined
  }
  if (preserve_active) return undefined
  if (isOld) return 'idle'
  return force ? 'forced' : undefined
}

/** True for an active session that was used since its image was last seen: somebody works on it without the image. */
function isUsedWithout(image: KnownImage | undefined, session: SessionRow, now: number): boolean {
  if (image === undefined || statusAt(session, now) !== 'active') return false
  return session.last_activity > image.last_seen
}

/** As close_session does: from now on there is a whole retention in which it can be revived. */
function close(
  session: SessionRow,
  reason: CleaningReason,
  image: KnownImage | undefined,
  { store, now, owner, audit }: Context
): void {
  const isOthersWord = reason === 'orphaned' && seenBy(image, owner?.owner) === 'others'
  const change = {
    status: 'closed',
    closed_at: now,
    close_reason: closeReasonOf(reason),
    last_activity: now,
    sequence: session.sequence + 1,
  } as const
  store.sessions.change(session.number, asUse(session, change, 'cleanup_image_sessions'))
  audit({
    session_id: session.session_id,
    detail: { image_id: session.image_id, reason, ...(isOthersWord && { seen_by: 'others' }) },
  })
}
