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

/** What happened to a session, which is named by its number. */
export type NewEvent = Pick<EventRow, 'at' | 'type'> & { readonly session: number }

export type Events = ReturnType<typeof eventTable>

export function eventTable(sql: Sql) {
  return {
    ...eventRows<EventRow>(sql),

    /**
     * Appends an event about a session as its row is now; gives the event's sequence, 0 if there is no such session.
     * The newest event always stays, so that no sequence comes twice.
     */
    append: ({ at, type, session }: NewEvent): number =>
      sql.exec<{ sequence: number }>(
        `INSERT INTO event (at, type, session_id, status, revision, state_bytes, expires_at, image_id)
         SELECT ?, ?, session_id, status, revision, state_bytes, expires_at, image_id
         FROM session WHERE number = ? RETURNING sequence`,
        at,
        type,
        session
      )[0]?.sequence ?? 0,
  }
}
