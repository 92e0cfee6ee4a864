// What the page knows of sessions and images: as list_image_sessions tells them, with times that can be counted from.

import type * as z from 'zod'
import type { listImageSessions } from '../../protocol/commands/list-image-sessions.ts'

type List = z.output<typeof listImageSessions.result>

export type ListedSession = List['sessions'][number]
export type Image = List['images'][number]

export type Session = Omit<ListedSession, 'status' | 'time_until_expiry'> & {
  readonly status: ListedSession['status'] | 'deleted'
  /** When the lease ends or ended, in epoch milliseconds. */
  readonly expires_at: number
}

/** The image of sessions that have none. */
export const NO_IMAGE_ID = ''

/** A session of a list that was told at `toldAt`. A lease that has ended is told without when: as its state says then. */
export function sessionOf(listed: ListedSession, toldAt: number): Session {
  const { time_until_expiry, ...rest } = listed
  const expires_at =
    time_until_expiry > 0
      ? toldAt + time_until_expiry * 1000
      : Date.parse(listed.last_modified) + listed.timeout * 1000
  return { ...rest, expires_at }
}

/** When the session was last used: its lease is as long as ever from then on. */
export function lastActivity({ expires_at, timeout }: Session): number {
  return expires_at - timeout * 1000
}

export type Standing = 'active' | 'expiring' | 'expired' | 'orphaned' | 'closed'

/** Milliseconds before the end of a lease from which it is counted down. */
const EXPIRING_MS = 300_000

/** How a session stands at this moment: nobody has to tell that a lease has ended, and its image may be told later. */
export function standingOf(session: Session, image: Image | undefined, now: number): Standing {
  if (session.status === 'closed' || session.status === 'deleted') return 'closed'
  const isOrphaned = image === undefined ? session.orphaned : image.image_status === 'Orphaned'
  if (isOrphaned) return 'orphaned'
  const left = session.expires_at - now
  if (session.status === 'expired' || left <= 0) return 'expired'
  return left <= Math.min(EXPIRING_MS, session.timeout * 250) ? 'expiring' : 'active'
}

/** True while the lease of the session runs. */
export function isRunning(session: Session, now: number): boolean {
  return session.status === 'active' && session.expires_at > now
}
