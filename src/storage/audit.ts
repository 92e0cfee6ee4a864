// One row for each event that the client's owner may want to know of later: who, what, when, from where, and how it
// ended. Each row carries the hash of the one before; `client` keeps both ends of the chain. No state, ever.

import type { Sql } from './sql.ts'

export type AuditRow = {
  /** Counts the rows of a client from 1, without gaps. */
  readonly sequence: number
  readonly at: number
  /** The subject that did it; `service` for what time does. */
  readonly actor: string
  readonly action: string
  /** Empty for what is about the whole client. */
  readonly session_id: string
  /** The network address that it came from; empty if unknown. */
  readonly address: string
  /** `success` or an error code. */
  readonly outcome: string
  /** JSON object with a few facts. */
  readonly detail: string
  /** How often it happened: equal refusals share a row. */
  readonly times: number
  /** The hash of the row before; empty for the first one. */
  readonly previous: string
  readonly hash: string
}

export type Audit = ReturnType<typeof auditTable>

export function auditTable(sql: Sql) {
  return {
    insert: (row: AuditRow): void => {
      sql.exec(
        `INSERT INTO audit (sequence, at, actor, action, session_id, address, outcome, detail, times, previous, hash)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        row.sequence,
        row.at,
        row.actor,
        row.action,
        row.session_id,
        row.address,
        row.outcome,
        row.detail,
        row.times,
        row.previous,
        row.hash
      )
    },

    /** Everything that is kept, the oldest first. */
    all: (): AuditRow[] => sql.exec<AuditRow>('SELECT * FROM audit ORDER BY sequence'),

    find: (sequence: number): AuditRow | undefined =>
      sql.exec<AuditRow>('SELECT * FROM audit WHERE sequence = ?', sequence)[0],

    newest: (action: string, actor: string): AuditRow | undefined =>
      sql.exec<AuditRow>(
        'SELECT * FROM audit WHERE action = ? AND actor = ? ORDER BY sequence DESC LIMIT 1',
        action,
        actor
      )[0],

    countSince: (action: string, time: number): number =>
      sql.exec<{ n: number }>(
        'SELECT count(*) AS n FROM audit WHERE action = ? AND at > ?',
        action,
        time
      )[0]?.n ?? 0,

    /** The last of the oldest rows that are all at or before `time`; undefined if there is none. */
    lastUpTo: (time: number): number | undefined =>
      sql.exec<{ sequence: number | null }>(
        `SELECT max(sequence) AS sequence FROM audit
         WHERE sequence < coalesce((SELECT min(sequence) FROM audit WHERE at > ?), 9e15)`,
        time
      )[0]?.sequence ?? undefined,

    oldest: (): number | undefined =>
      sql.exec<{ at: number }>('SELECT at FROM audit ORDER BY sequence LIMIT 1')[0]?.at,

    deleteUpTo: (sequence: number): void => {
      sql.exec('DELETE FROM audit WHERE sequence <= ?', sequence)
    },
  }
}
