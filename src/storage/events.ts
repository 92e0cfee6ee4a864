// What subscribers may still ask for: one row an event, the newest rows kept. Hints only: no names, no state.

import { eventRows } from './event-rows.ts'
import type { Sql } from './sql.ts'

export type EventRow = {
  readonly sequence: number
  readonly at: number
  readonly type: string
  readonly session_id: string
  readonly status: string
  readonly revision: number
  readonly state_bytes: number
  readonly expires_at: number
  readonly image_id: string
}

export type Events = ReturnType<typeof eventTable>

export function eventTable(sql: Sql) {
  return {
    ...eventRows<EventRow>(sql),

    /** Appends an event; gives its sequence. The newest row always stays, so that no sequence comes twice. */
    append: (row: Omit<EventRow, 'sequence'>): number =>
      sql.exec<{ sequence: number }>(
        `INSERT INTO event (at, type, session_id, status, revision, state_bytes, expires_at, image_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING sequence`,
        row.at,
        row.type,
        row.session_id,
        row.status,
        row.revision,
        row.state_bytes,
        row.expires_at,
        row.image_id
      )[0]?.sequence ?? 0,
  }
}
