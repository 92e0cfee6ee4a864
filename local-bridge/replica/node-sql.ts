// `Sql` over node:sqlite: WAL, every commit on the disk before it is told, and readable by the owner of the file alone.

import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Row, Sql, SqlValue } from '../../src/storage/sql.ts'

export type NodeSql = Sql &
  Disposable & {
    /** Runs `work` in a transaction that may be lost when the machine loses power; the next other one keeps it too. */
    lightly<T>(work: () => T): T
    /** True if every page of the file is as it was written. */
    isSound(): boolean
  }

const OWNER_ONLY = 0o600

/** What SQLite keeps in memory of one file. Many are open at once, and the system keeps what is read often. */
const CACHE_KB = 64

/** Statements that a file keeps prepared: those of relayed work, and some more. Each takes four kilobytes. */
const MOST_STATEMENTS = 24

/** A value of more bytes or characters than this is not left with the statement that it was bound to. */
const LARGE = 1024

/** Opens a database file, or one in memory. Transactions nest: an inner one that throws undoes itself alone. */
export function openNodeSql(path = ':memory:'): NodeSql {
  // SQLite gives its other files the mode of this one.
  if (path !== ':memory:') closeSync(openSync(path, 'a', OWNER_ONLY))
  const database = new DatabaseSync(path)
  const statements = new Map<string, StatementSync>()
  let depth = 0
  try {
    // First: with the first page that it reads, SQLite takes the memory of more.
    database.exec(`PRAGMA cache_size = -${CACHE_KB}`)
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
  } catch (error) {
    database.close()
    throw error
  }

  /** The one that was used least recently goes when there are too many. */
  function prepared(query: string): StatementSync {
    const statement = statements.get(query) ?? database.prepare(query)
    statements.delete(query)
    statements.set(query, statement)
    const [oldest] = statements.keys()
    if (statements.size > MOST_STATEMENTS && oldest !== undefined) statements.delete(oldest)
    return statement
  }

  function transaction<T>(work: () => T): T {
    const level = `level_${depth}`
    database.exec(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${level}`)
    depth += 1
    try {
      const result = work()
      database.exec(depth === 1 ? 'COMMIT' : `RELEASE ${level}`)
      return result
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (database.isTransaction) {
        database.exec(depth === 1 ? 'ROLLBACK' : `ROLLBACK TO ${level}`)
      }
      throw error
    } finally {
      depth -= 1
    }
  }

  function rowsOf(query: string, bindings: SqlValue[]) {
    const statement = prepared(query)
    try {
      return statement.all(...bindings)
    } finally {
      // SQLite keeps a copy of what is bound until something else is. This binds nothing, and reads nothing.
      if (bindings.some(isLarge)) statement.iterate()
    }
  }

  return {
    exec: <R extends Row>(query: string, ...bindings: SqlValue[]) => rowsOf(query, bindings) as R[],
    transaction,
    lightly: (work) => {
      database.exec('PRAGMA synchronous = NORMAL')
      try {
        return transaction(work)
      } finally {
        database.exec('PRAGMA synchronous = FULL')
      }
    },
    isSound: () => {
      const [row] = database.prepare('PRAGMA quick_check(1)').all()
      return row?.quick_check === 'ok'
    },
    [Symbol.dispose]: () => database.close(),
  }
}

function isLarge(value: SqlValue): boolean {
  return value !== null && typeof value !== 'number' && value.length > LARGE
}
