// Writes down the statements that reach a database, and how many rows each of them gave.

import type { Sql } from '../../src/storage/sql.ts'

export type TracedSql = Sql & {
  /** What ran since it was asked last. */
  taken(): string[]
}

/** What is written down where a transaction begins. */
const TRANSACTION = 'transaction'

export function traced(sql: Sql): TracedSql {
  let statements: string[] = []
  return {
    exec: (query, ...bindings) => {
      const rows = sql.exec(query, ...bindings)
      statements.push(`${query} → ${rows.length}`)
      return rows as never
    },
    transaction: (work) => {
      statements.push(TRANSACTION)
      return sql.transaction(work)
    },
    taken: () => {
      const ran = statements
      statements = []
      return ran
    },
  }
}
