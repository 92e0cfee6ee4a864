// What those who watch the team may still ask for: one row an event, the newest rows kept. What an event does not have is
// empty or 0.

import type { Sql } from '../../storage/sql.ts'

export type TeamEventRow = {
  readonly sequence: number
  readonly at: number
  readonly type: string
  readonly client_id: string
  /** The sequence that the client itself gave the event; null if it did not tell the event. */
  readonly origin: number | null
  readonly session_id: string
  readonly status: string
  readonly revision: number
  readonly state_bytes: number
  readonly expires_at: number
  readonly image_id: string
  readonly image_status: string
  readonly connection_status: string
}

const COLUMNS = [
  'at',
  'type',
  'client_id',
  'origin',
  'session_id',
  'status',
  'revision',
  'state_bytes',
  'expires_at',
  'image_id',
  'image_status',
  'connection_status',
] as const

/** An event that a client tells twice is there once. */
const APPEND = `INSERT OR IGNORE INTO event (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  RETURNING sequence`

export function eventTable(sql: Sql) {
  return {
    /** Appends an event; gives its sequence, 0 if it is there already. The newest row always stays. */
    append: (row: Omit<TeamEventRow, 'sequence'>): number =>
      sql.exec<{ sequence: number }>(APPEND, ...COLUMNS.map((name) => row[name]))[0]?.sequence ?? 0,

    after: (sequence: number, limit: number): TeamEventRow[] =>
      sql.exec<TeamEventRow>(
        'SELECT * FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?',
        sequence,
        limit
      ),

    /** The oldest and the newest sequence that are kept; 0 and 0 where there is none. */
    range: (): { readonly oldest: number; readonly newest: number } =>
      sql.exec<{ oldest: number; newest: number }>(
        'SELECT coalesce(min(sequence), 0) AS oldest, coalesce(max(sequence), 0) AS newest FROM event'
      )[0] ?? { oldest: 0, newest: 0 },

    deleteUpTo: (sequence: number): void => {
      sql.exec('DELETE FROM event WHERE sequence <= ?', sequence)
    },
  }
}
