// What cleanups did, read from the reports of clients: a session was active and is expired, was kept and is deleted, or was
// open and is closed by a cleanup. A report that arrives twice or late counts nothing; what only the client saw is missed.

import { isoTime } from '../clock.ts'
import type { DirectoryStore } from './directory-store.ts'
import type { SessionSummary } from './report.ts'
import type { CleanedRow, Cleaning } from './storage/cleaned-table.ts'
import type { SummaryRow } from './storage/session-table.ts'

/** The clock of a client's object may be ahead of ours by this much, and says when retention has ended. */
const AHEAD_MS = 60_000

export type Counting = {
  readonly now: number
  /** How long sessions are kept that nobody uses. */
  readonly retentionMs: number
}

/** Counts what a report shows to have been cleaned; before its rows are put. */
export function countCleaned(
  { sessions, cleaned }: Pick<DirectoryStore, 'sessions' | 'cleaned'>,
  summaries: readonly SessionSummary[],
  { now, retentionMs }: Counting
): void {
  let isCounted = false
  for (const summary of summaries) {
    if (summary.status === 'active') continue
    const before = sessions.find(summary.session_id)
    const cleaning = cleaningOf(before, summary, now + AHEAD_MS - retentionMs)
    if (cleaning === undefined) continue
    cleaned.add(before?.image_id ?? summary.image_id, cleaning, now)
    isCounted = true
  }
  if (isCounted) cleaned.forgetOld()
}

/**
 * What a cleanup did to a session since it was reported last. A deleted session that nobody knows was counted before and
 * is forgotten; one that was used since `idleSince` has given way to another, which no cleanup did.
 */
function cleaningOf(
  before: SummaryRow | undefined,
  { status, sequence, last_activity, cleaned }: SessionSummary,
  idleSince: number
): Cleaning | undefined {
  if (before !== undefined && (before.sequence >= sequence || before.status === status)) return
  switch (status) {
    case 'expired':
      return 'expired'
    case 'deleted':
      return before !== undefined && last_activity <= idleSince ? 'deleted' : undefined
    case 'closed':
      if (cleaned === undefined) return undefined
      return cleaned === 'orphaned' ? 'orphaned' : 'closed'
    case 'active':
      return undefined
    default:
      return status satisfies never
  }
}

/** The sums as the wire tells them; the time is absent while nothing was ever cleaned. */
export function toldCleaned(row: CleanedRow | undefined) {
  const { expired = 0, deleted = 0, closed = 0, orphaned = 0, last_at } = row ?? {}
  return {
    ...(last_at !== undefined && { last_at: isoTime(last_at) }),
    ...{ expired, deleted, closed, orphaned },
  }
}
