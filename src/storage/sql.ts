// What storage needs of SQLite: two methods, so that a Durable Object and node:sqlite serve it alike.

/** What may be bound to a statement. Booleans, objects and bigints are converted by the caller. */
export type SqlValue = string | number | null | Uint8Array

/** Bytes as a database gives them: a Durable Object and node:sqlite differ. */
export type Bytes = Uint8Array | ArrayBuffer

/** The same bytes, however a database gives them. */
export function bytesOf(bytes: Bytes): Uint8Array {
  return ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes)
}

export type Row = Record<string, SqlValue | Bytes>

/** A synchronous SQLite database. */
export type Sql = {
  /** Runs one statement and gives all its rows. */
  exec<R extends Row>(query: string, ...bindings: SqlValue[]): R[]
  /** Runs `work` in a transaction; a throw rolls everything back. `work` must be synchronous. */
  transaction<T>(work: () => T): T
}
