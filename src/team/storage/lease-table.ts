// Which clients know that somebody watches the team, and until when they report each event.

import type { Sql } from '../../storage/sql.ts'

export function leaseTable(sql: Sql) {
  return {
    /** 0 for a client that does not know. */
    until: (client_id: string): number =>
      sql.exec<{ until: number }>('SELECT until FROM lease WHERE client_id = ?', client_id)[0]
        ?.until ?? 0,

    put: (client_id: string, until: number): void => {
      sql.exec('INSERT OR REPLACE INTO lease (client_id, until) VALUES (?, ?)', client_id, until)
    },

    /** Clients with an active session whose lease ends before `until`, the one used last first. */
    ending: (until: number, now: number, limit: number): string[] =>
      sql
        .exec<{ client_id: string }>(
          `SELECT client_id FROM session WHERE status = 'active' AND expires_at > ?1
             AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.client_id = session.client_id AND lease.until >= ?2)
           GROUP BY client_id ORDER BY max(last_activity) DESC LIMIT ?3`,
          now,
          until,
          limit
        )
        .map(({ client_id }) => client_id),

    deleteUpTo: (time: number): void => {
      sql.exec('DELETE FROM lease WHERE until <= ?', time)
    },
  }
}
