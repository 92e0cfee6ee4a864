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
    /** Gives pages that nothing is in any more back to the disk, so many at most; true if there are more. */
    giveBack(pages: number): boolean
    /** Writes a file of before anew, so that it can give pages back; false if it holds too much to do that in passing. */
    mayGiveBack(): boolean
  }

export type NodeSqlOptions = {
  /** Lets the system force the cache of the drive as well. macOS does so only if it is told to; others always do. */
  readonly fullSync?: boolean
}

/** True where an fsync leaves what was written in the cache of the drive. */
export function needsFullSync(platform: string): boolean {
  return platform === 'darwin'
}

const OWNER_ONLY = 0o600

/** What SQLite keeps in memory of one file. Many are open at once, and the system keeps what is read often. */
const CACHE_KB = 64

/** Statements that a file keeps prepared: those of relayed work, and some more. Each takes four kilobytes. */
const MOST_STATEMENTS = 24

/** A value of more bytes or characters than this is not left with the statement that it was bound to. */
const LARGE = 1024

/** The log gives back what it took beyond this, once it has been written to the file. */
const LOG_BYTES = 4 * 1024 * 1024

/** Pages without content that a file keeps for what comes next. */
const SPARE_PAGES = 64

/** What a file of before may hold to be written anew, which holds up everybody: some tens of milliseconds. */
const MOST_REWRITTEN_PAGES = 4096

/** SQLite's number for files that give back pages when they are told to. */
const INCREMENTAL = 2

/** Opens a database file, or one in memory. Transactions nest: an inner one that throws undoes itself alone. */
export function openNodeSql(path = ':memory:', { fullSync = false }: NodeSqlOptions = {}): NodeSql {
  // SQLite gives its other files the mode of this one.
  if (path !== ':memory:') closeSync(openSync(path, 'a', OWNER_ONLY))
  const database = new DatabaseSync(path)
  const statements = new Map<string, StatementSync>()
  let depth = 0
  try {
    // First: with the first page that it reads, SQLite takes the memory of more.
    database.exec(`PRAGMA cache_size = -${CACHE_KB}`)
    // Before the first page is written; a file of before stays as it is.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL')
    database.exec('PRAGMA journal_mode = WAL')
    database.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`)
    database.exec('PRAGMA synchronous = FULL')
    if (fullSync) {
      database.exec('PRAGMA fullfsync = ON')
      database.exec('PRAGMA checkpoint_fullfsync = ON')
    }
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

  function figure(name: 'auto_vacuum' | 'freelist_count' | 'page_count'): number {
    return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
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
    giveBack: (pages) => {
      if (figure('freelist_count') > SPARE_PAGES) {
        database.exec(`PRAGMA incremental_vacuum(${pages})`)
        if (figure('freelist_count') > SPARE_PAGES) return true
        // The file ends where it ended until what is in the log is written to it.
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      }
      return false
    },
    mayGiveBack: () => {
      if (figure('auto_vacuum') === INCREMENTAL) return true
      if (figure('page_count') - figure('freelist_count') > MOST_REWRITTEN_PAGES) return false
      database.exec('PRAGMA auto_vacuum = INCREMENTAL')
      database.exec('VACUUM')
      return true
    },
    [Symbol.dispose]: () => database.close(),
  }
}

function isLarge(value: SqlValue): boolean {
  return value !== null && typeof value !== 'number' && value.length > LARGE
}
