// What a client's object tells its team's directory: whole rows with a sequence, never differences,
// so that a report may arrive twice or late and do no harm.

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
}

export type Report = { readonly client_id: string; readonly sessions: readonly SessionSummary[] }
