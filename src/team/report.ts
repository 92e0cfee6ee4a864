// What a client's object tells its team's directory: whole rows with a sequence, never differences,
// so that a report may arrive twice or late and do no harm.

/** One session as the directory knows it. */
export type SessionSummary = {
  readonly session_id: string
  readonly status: 'active' | 'expired' | 'closed' | 'deleted'
  readonly image_id: string
  readonly bytes: number
  readonly sequence: number
}

export type Report = { readonly client_id: string; readonly sessions: readonly SessionSummary[] }
