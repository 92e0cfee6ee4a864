// What those who watch the team may still ask for: one row an event, the newest rows kept. What an event does not have is
// empty or 0.

import { eventRows } from '../../storage/event-rows.ts'
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
  readonly bridge_id: string
  /** The start that an image is in since it was started anew. */
  readonly epoch: string
  /** Whose bridges have seen the change of an image, empty if it is one of all reports together; or whose bridge changed. */
  readonly seen_by: string
  /** What these bridges alone say of it. */
  readonly own_image_status: string
  readonly own_connection_status: string
}

/** What was told last of an image, by whose bridges had seen it. */
export type LastTold = Pick<
  TeamEventRow,
  | 'sequence'
  | 'image_id'
  | 'seen_by'
  | 'image_status'
  | 'connection_status'
  | 'own_image_status'
  | 'own_connection_status'
>

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
  'bridge_id',
  'epoch',
  'seen_by',
  'own_image_status',
  'own_connection_status',
] as const

/** An event that a client tells twice is there once. */
const APPEND = `INSERT OR IGNORE INTO event (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  RETURNING sequence`

/** The columns beside the maximum are those of its row. */
const LAST_TOLD = `SELECT max(sequence) AS sequence, image_id, seen_by, image_status, connection_status,
  own_image_status, own_connection_status FROM event WHERE type = 'image.changed' GROUP BY image_id, seen_by
  ORDER BY 1`

export function eventTable(sql: Sql) {
  return {
    ...eventRows<TeamEventRow>(sql),

    /** Appends an event; gives its sequence, 0 if it is there already. The newest row always stays. */
    append: (row: Omit<TeamEventRow, 'sequence'>): number =>
      sql.exec<{ sequence: number }>(APPEND, ...COLUMNS.map((name) => row[name]))[0]?.sequence ?? 0,

    /** What was told last of each image, the oldest first. */
    lastTold: (): LastTold[] => sql.exec<LastTold>(LAST_TOLD),
  }
}
