// Looks at the rows of a client's database, and damages them.

import type { Sql } from '../../src/storage/sql.ts'

/** Names of the tables that storage made. */
export function tables(sql: Sql): string[] {
  return sql
    .exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' ORDER BY name"
    )
    .map(({ name }) => name)
}

/** Every row of every table, as text. */
export function dump(sql: Sql): string {
  const rows = tables(sql).flatMap((name) =>
    sql.exec(`SELECT * FROM ${name}`).map((row) => `${name} ${JSON.stringify(row)}`)
  )
  return rows.sort().join('\n')
}

/** Makes the database as new. */
export function dropAll(sql: Sql): void {
  for (const name of tables(sql)) sql.exec(`DROP TABLE ${name}`)
}

/** The number under which a session is stored. */
export function numberOf(sql: Sql, session_id: string): number {
  const row = sql.exec<{ number: number }>(
    'SELECT number FROM session WHERE session_id = ?',
    session_id
  )[0]
  if (row === undefined) throw new Error('no such session')
  return row.number
}

export type StoredText = {
  readonly session_id: string
  readonly component?: string
  readonly revision: number
}

/** Flips one bit of a stored text; its checksum stays. */
export function flipBit(
  sql: Sql,
  { session_id, component = 'session_state', revision }: StoredText
) {
  const at = [numberOf(sql, session_id), component, revision] as const
  const where = 'WHERE session = ? AND component = ? AND revision = ?'
  const text = sql.exec<{ text: string }>(`SELECT text FROM component ${where}`, ...at)[0]?.text
  if (text === undefined) throw new Error('no such text')
  const middle = Math.floor(text.length / 2)
  const flipped = String.fromCharCode(text.charCodeAt(middle) ^ 1)
  const damaged = text.slice(0, middle) + flipped + text.slice(middle + 1)
  sql.exec(`UPDATE component SET text = ? ${where}`, damaged, ...at)
}

/** Takes a stored text away. */
export function loseText(
  sql: Sql,
  { session_id, component = 'session_state', revision }: StoredText
) {
  sql.exec(
    'DELETE FROM component WHERE session = ? AND component = ? AND revision = ?',
    numberOf(sql, session_id),
    component,
    revision
  )
}

/** Bytes that the texts of a session take, counted from the texts themselves. */
export function bytesOfTexts(sql: Sql, session_id: string): number {
  return sql
    .exec<{ text: string }>(
      'SELECT text FROM component WHERE session = ?',
      numberOf(sql, session_id)
    )
    .reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
}
