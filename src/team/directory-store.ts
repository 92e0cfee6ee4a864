// The rows of a team's directory: one for each session that its clients have reported.

import { type Migration, openSchema } from '../storage/schema.ts'
import type { Sql } from '../storage/sql.ts'
import type { SessionSummary } from './report.ts'

/** Sums over all sessions of a team. */
export type Totals = {
  readonly active: number
  readonly expired: number
  readonly closed: number
  readonly active_clients: number
  readonly images: number
  readonly bytes: number
  readonly reported_at: number
}

export type DirectoryStore = ReturnType<typeof openDirectoryStore>

const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    statements: [
      `CREATE TABLE session (
        session_id TEXT PRIMARY KEY,
        client_id TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('active', 'expired', 'closed', 'deleted')),
        image_id TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        reported_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID`,
      "CREATE INDEX session_deleted ON session (reported_at) WHERE status = 'deleted'",
    ],
  },
]

/** Opens the directory's database; it has no schema until the first report. */
export function openDirectoryStore(database: Sql, now: number) {
  const { sql, prepare } = openSchema(database, MIGRATIONS, now)
  return {
    prepare,
    transaction: <T>(work: () => T): T => sql.transaction(work),

    /** Takes a summary unless a newer one of the same session is known. */
    put: (clientId: string, summary: SessionSummary, now: number): void => {
      sql.exec(
        `INSERT INTO session (session_id, client_id, status, image_id, bytes, sequence, reported_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (session_id) DO UPDATE SET status = excluded.status, image_id = excluded.image_id,
           bytes = excluded.bytes, sequence = excluded.sequence, reported_at = excluded.reported_at
         WHERE excluded.sequence >= session.sequence`,
        summary.session_id,
        clientId,
        summary.status,
        summary.image_id,
        summary.bytes,
        summary.sequence,
        now
      )
    },

    /** Forgets deletions that were reported at or before `time`. */
    forgetDeleted: (time: number): void => {
      sql.exec("DELETE FROM session WHERE status = 'deleted' AND reported_at <= ?", time)
    },

    totals: (): Totals | undefined =>
      sql.exec<Totals>(
        `SELECT count(*) FILTER (WHERE status = 'active') AS active,
                count(*) FILTER (WHERE status = 'expired') AS expired,
                count(*) FILTER (WHERE status = 'closed') AS closed,
                count(DISTINCT client_id) FILTER (WHERE status = 'active') AS active_clients,
                count(DISTINCT image_id) FILTER (WHERE status = 'active' AND image_id <> '') AS images,
                coalesce(sum(bytes) FILTER (WHERE status <> 'deleted'), 0) AS bytes,
                coalesce(max(reported_at), 0) AS reported_at
         FROM session`
      )[0],
  }
}
