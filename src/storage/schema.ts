// Brings a database to the newest schema, forward only. An object that nobody created has none and stores nothing.

import type { Row, Sql, SqlValue } from './sql.ts'

/** A numbered step; its statements run in the transaction that records it. */
export type Migration = { readonly number: number; readonly statements: readonly string[] }

export type Schema = {
  /** While there is no schema, every question is answered with no rows. */
  readonly sql: Sql
  /** Creates the schema if there is none; call it inside the transaction of the first write. */
  prepare(now: number): void
}

const HISTORY =
  'CREATE TABLE schema_history (number INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT'

/** Opens a database; one that has a schema is migrated at once. */
export function openSchema(sql: Sql, migrations: readonly Migration[], now: number): Schema {
  let isPrepared = hasHistory(sql)
  if (isPrepared) sql.transaction(() => migrate(sql, migrations, now))
  return {
    sql: {
      exec: <R extends Row>(query: string, ...bindings: SqlValue[]) =>
        isPrepared ? sql.exec<R>(query, ...bindings) : [],
      transaction: (work) => {
        const wasPrepared = isPrepared
        try {
          return sql.transaction(work)
        } catch (error) {
          isPrepared = wasPrepared
          throw error
        }
      },
    },
    prepare: (at) => {
      if (isPrepared) return
      sql.exec(HISTORY)
      migrate(sql, migrations, at)
      isPrepared = true
    },
  }
}

function hasHistory(sql: Sql): boolean {
  return sql.exec("SELECT name FROM sqlite_master WHERE name = 'schema_history'").length > 0
}

function migrate(sql: Sql, migrations: readonly Migration[], now: number): void {
  const newest = sql.exec<{ number: number | null }>(
    'SELECT max(number) AS number FROM schema_history'
  )[0]?.number
  for (const { number, statements } of migrations) {
    if (number <= (newest ?? 0)) continue
    for (const statement of statements) sql.exec(statement)
    sql.exec('INSERT INTO schema_history (number, applied_at) VALUES (?, ?)', number, now)
  }
}
