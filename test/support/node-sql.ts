// `Sql` over node:sqlite, as a bridge hosts it: WAL, and every commit on the disk before it is told.

import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Row, Sql, SqlValue } from '../../src/storage/sql.ts'

export type NodeSql = Sql & Disposable

/** Opens a database file, or one in memory. */
export function openNodeSql(path = ':memory:'): NodeSql {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  const statements = new Map<string, StatementSync>()

  function prepared(query: string): StatementSync {
    const known = statements.get(query)
    if (known !== undefined) return known
    const statement = database.prepare(query)
    statements.set(query, statement)
    return statement
  }

  return {
    exec: <R extends Row>(query: string, ...bindings: SqlValue[]) =>
      prepared(query).all(...bindings) as R[],
    transaction: (work) => inTransaction(database, work),
    [Symbol.dispose]: () => database.close(),
  }
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
