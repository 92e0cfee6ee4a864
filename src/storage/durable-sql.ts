// The SQLite of a Durable Object as `Sql`.

import type { Row, Sql, SqlValue } from './sql.ts'

/** Wraps the storage of a Durable Object. */
export function durableSql(storage: DurableObjectStorage): Sql {
  return {
    exec: <R extends Row>(query: string, ...bindings: SqlValue[]) =>
      storage.sql.exec(query, ...bindings).toArray() as R[],
    transaction: (work) => storage.transactionSync(work),
  }
}
