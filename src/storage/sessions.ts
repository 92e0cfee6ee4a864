// One row a session: everything but its state. A row whose `sequence` is ahead of `reported` is what the
// team's directory has yet to hear: there is no outbox beside it that could disagree.

import type { Sql } from './sql.ts'

export type StoredStatus = 'active' | 'expired' | 'closed' | 'deleted'

/** How a session names its Smalltalk image; empty where there is none. `image_metadata` is JSON. */
export type ImageColumns = {
  readonly image_id: string
  readonly image_address: string
  readonly image_name: string
  readonly image_version: string
  readonly image_metadata: string
}

export type SessionRow = ImageColumns & {
  readonly number: number
  readonly session_id: string
  readonly name: string
  readonly status: StoredStatus
  readonly timeout: number
  readonly created_at: number
  readonly last_modified: number
  readonly last_activity: number
  readonly expires_at: number
  readonly closed_at: number | null
  readonly close_reason: string | null
  readonly revision: number
  readonly state_bytes: number
  readonly stored_bytes: number
  readonly reported_bytes: number
  readonly reported_activity: number
  /** Counts the changes that the team's directory shows. */
  readonly sequence: number
  /** The last `sequence` that the directory has acknowledged. */
  readonly reported: number
  readonly client_info: string
  /** What commands have done with it, counted since it was made, or since that is counted. */
  readonly updates: number
  readonly restores: number
  readonly bytes_written: number
  readonly active_ms: number
  /** Empty if none was counted. */
  readonly last_command: string
}

/** How a session was used; a new row begins with 0 of everything. */
export type UsageColumns = Pick<
  SessionRow,
  'updates' | 'restores' | 'bytes_written' | 'active_ms' | 'last_command'
>

export type NewSession = Omit<
  SessionRow,
  'number' | 'reported' | 'reported_bytes' | 'reported_activity' | keyof UsageColumns
>

/** Columns that change during a session's life. */
export type SessionChange = Partial<
  Omit<SessionRow, 'number' | 'session_id' | 'created_at' | 'timeout'>
>

export type PageQuery = {
  readonly now: number
  readonly include: 'active' | 'all'
  readonly image_id: string | undefined
  readonly after: { readonly last_activity: number; readonly number: number } | undefined
  readonly limit: number
}

/** What a session takes beside its texts: rows of its own, of its revisions, of its events. */
export const SESSION_BYTES = 1000

/** What was done to one row since somebody last asked. */
export type Touch = { readonly isNew: boolean; readonly changed: SessionChange }

export type Sessions = ReturnType<typeof sessionTable>

const KEPT = "status <> 'deleted'"
const LISTED = `${KEPT} AND (?1 = 'all' OR (status = 'active' AND expires_at > ?2)) AND (?3 IS NULL OR image_id = ?3)`

export function sessionTable(sql: Sql) {
  /** False once nothing was found unreported, until a change is to be reported. */
  let mayHaveNews = true
  let touched = new Map<number, Touch>()
  /** Bytes that the kept sessions take, or more; undefined until somebody asks. */
  let bytesAtMost: number | undefined

  function grow(row: Partial<NewSession>): void {
    const { stored_bytes = 0, image_metadata = '', client_info = '' } = row
    if (bytesAtMost !== undefined) {
      bytesAtMost += SESSION_BYTES + stored_bytes + image_metadata.length + client_info.length
    }
  }

  function countBytes(): number {
    return (
      sql.exec<{ bytes: number | null }>(
        `SELECT sum(${SESSION_BYTES} + stored_bytes + length(image_metadata) + length(client_info)) AS bytes
         FROM session WHERE ${KEPT}`
      )[0]?.bytes ?? 0
    )
  }

  function touch(number: number, isNew: boolean, change: SessionChange): void {
    const before = touched.get(number)
    touched.set(number, {
      isNew: isNew || before?.isNew === true,
      changed: { ...before?.changed, ...change },
    })
  }

  return {
    /** The rows that were inserted or changed since the last call, in that order. */
    takeTouched: (): ReadonlyMap<number, Touch> => {
      const taken = touched
      touched = new Map()
      return taken
    },

    find: (sessionId: string): SessionRow | undefined =>
      sql.exec<SessionRow>(`SELECT * FROM session WHERE session_id = ? AND ${KEPT}`, sessionId)[0],

    /** True for a deleted session, too, until the directory has heard of the deletion. */
    isTaken: (sessionId: string): boolean =>
      sql.exec('SELECT 1 AS taken FROM session WHERE session_id = ?', sessionId).length > 0,

    active: (now: number): SessionRow[] =>
      sql.exec<SessionRow>(
        "SELECT * FROM session WHERE status = 'active' AND expires_at > ? ORDER BY last_activity, number",
        now
      ),

    /** The one changed last first. */
    changedLast: (limit: number): SessionRow[] =>
      sql.exec<SessionRow>(
        `SELECT * FROM session WHERE ${KEPT} ORDER BY last_modified DESC, number DESC LIMIT ?`,
        limit
      ),

    /** The last activity in any session that counts as active. */
    lastActivity: (): number =>
      sql.exec<{ at: number | null }>(
        "SELECT max(last_activity) AS at FROM session WHERE status = 'active'"
      )[0]?.at ?? 0,

    overdue: (now: number): SessionRow[] =>
      sql.exec<SessionRow>(
        "SELECT * FROM session WHERE status = 'active' AND expires_at <= ?",
        now
      ),

    count: ({ include, now, image_id }: PageQuery): number =>
      sql.exec<{ n: number }>(
        `SELECT count(*) AS n FROM session WHERE ${LISTED}`,
        include,
        now,
        image_id ?? null
      )[0]?.n ?? 0,

    page: ({ include, now, image_id, after, limit }: PageQuery): SessionRow[] =>
      sql.exec<SessionRow>(
        `SELECT * FROM session WHERE ${LISTED} AND (?4 IS NULL OR (last_activity, number) < (?4, ?5))
         ORDER BY last_activity DESC, number DESC LIMIT ?6`,
        include,
        now,
        image_id ?? null,
        after?.last_activity ?? null,
        after?.number ?? null,
        limit
      ),

    /** Bytes that the kept sessions take with their histories: a number that is never too small, and exact beyond `enough`. */
    storedBytes: (enough: number): number => {
      if (bytesAtMost === undefined || bytesAtMost > enough) bytesAtMost = countBytes()
      return bytesAtMost
    },

    /** Sessions that were created since, were kept closed at once, and are closed still. */
    closedAtOnce: (since: number): number =>
      sql.exec<{ n: number }>(
        "SELECT count(*) AS n FROM session WHERE status = 'closed' AND closed_at = created_at AND created_at > ?",
        since
      )[0]?.n ?? 0,

    insert: (row: NewSession): number => {
      mayHaveNews = true
      grow(row)
      const full = { ...row, reported: 0, reported_bytes: 0, reported_activity: 0 }
      const names = Object.keys(full)
      const inserted = sql.exec<{ number: number }>(
        `INSERT INTO session (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) RETURNING number`,
        ...Object.values(full)
      )
      const number = inserted[0]?.number ?? 0
      touch(number, true, {})
      return number
    },

    change: (number: number, change: SessionChange): void => {
      mayHaveNews ||= change.sequence !== undefined
      grow(change)
      touch(number, false, change)
      const names = Object.keys(change)
      sql.exec(
        `UPDATE session SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE number = ?`,
        ...Object.values(change),
        number
      )
    },

    /** Sessions whose last activity is at or before `time`, at most `limit`. */
    idleSince: (time: number, limit: number): SessionRow[] =>
      sql.exec<SessionRow>(
        `SELECT * FROM session WHERE ${KEPT} AND last_activity <= ? LIMIT ?`,
        time,
        limit
      ),

    /** Forgets deleted sessions that the directory has heard of. */
    purgeDeleted: (): void => {
      sql.exec("DELETE FROM session WHERE status = 'deleted' AND reported >= sequence")
    },

    hasNews: (): boolean => {
      mayHaveNews &&=
        sql.exec('SELECT 1 AS news FROM session WHERE reported < sequence LIMIT 1').length > 0
      return mayHaveNews
    },

    unreported: (limit: number): SessionRow[] =>
      sql.exec<SessionRow>(
        `SELECT * FROM session
         WHERE reported < sequence OR reported_bytes <> state_bytes OR reported_activity < last_activity LIMIT ?`,
        limit
      ),

    acknowledge: (
      told: Pick<SessionRow, 'number' | 'sequence' | 'state_bytes' | 'last_activity'>
    ): void => {
      sql.exec(
        'UPDATE session SET reported = ?, reported_bytes = ?, reported_activity = ? WHERE number = ?',
        told.sequence,
        told.state_bytes,
        told.last_activity,
        told.number
      )
    },

    nextExpiry: (): number | undefined =>
      sql.exec<{ at: number | null }>(
        "SELECT min(expires_at) AS at FROM session WHERE status = 'active'"
      )[0]?.at ?? undefined,

    longestIdle: (): number | undefined =>
      sql.exec<{ at: number | null }>(
        `SELECT min(last_activity) AS at FROM session WHERE ${KEPT}`
      )[0]?.at ?? undefined,
  }
}
