// What a client's object tells its team's directory: whole rows with a sequence, never differences,
// so that a report may arrive twice or late and do no harm.

import type { CleaningReason } from '../session/cleaned.ts'
import type { EventRow } from '../storage/events.ts'

/** One session as the directory knows it: what a list of the team shows, and nothing of its state. */
export type SessionSummary = {
  readonly session_id: string
  readonly name: string
  readonly status: 'active' | 'expired' | 'closed' | 'deleted'
  readonly image_id: string
  readonly image_address: string
  readonly image_name: string
  readonly image_version: string
  readonly timeout: number
  readonly created_at: number
  readonly last_modified: number
  readonly last_activity: number
  readonly expires_at: number
  readonly revision: number
  readonly bytes: number
  readonly sequence: number
  /** Why a cleanup closed it; absent for every other session. */
  readonly cleaned?: CleaningReason
}

export type Report = {
  readonly client_id: string
  /** The subject that the client belongs to. */
  readonly owner: string
  readonly sessions: readonly SessionSummary[]
  /** What happened since the last report, in the client's own order; absent while nobody watches the team. */
  readonly events?: readonly EventRow[]
}

export type ReportAnswer = {
  /** Until when the client reports each event, in epoch milliseconds; in the past if nobody watches the team. */
  readonly watched_until: number
}
