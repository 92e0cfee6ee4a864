// What every table of events can do: rows that are read in order by those who watch, and forgotten from the oldest on.

import type { Row, Sql } from './sql.ts'

export function eventRows<EventRow extends Row>(sql: Sql) {
  return {
    after: (sequence: number, limit: number): EventRow[] =>
      sql.exec<EventRow>(
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
