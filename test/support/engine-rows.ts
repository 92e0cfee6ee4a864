// Looks at the rows of a client's database, and damages them.

import type { Bytes, Row, Sql } from '../../src/storage/sql.ts'

/** Names of the tables that storage made. */
export function tables(sql: Sql): string[] {
  return sql
    .exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' ORDER BY name"
    )
    .map(({ name }) => name)
}

/** Every row of every table, as text; bytes are shown as the characters that they would be. */
export function dump(sql: Sql): string {
  const rows = tables(sql).flatMap((name) =>
    sql.exec(`SELECT * FROM ${name}`).map((row) => `${name} ${JSON.stringify(readable(row))}`)
  )
  return rows.sort().join('\n')
}

/** A dump without the chain of the audit log: SHA-256 over its own rows, which have no state in them. */
export function withoutChain(dumped: string): string {
  const others = dumped.split('\n').filter((row) => !/^(audit|client) /.test(row))
  return others.join('\n')
}

function readable(row: Row): Row {
  const shown = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null
      ? Buffer.from(new Uint8Array(value)).toString('latin1')
      : value,
  ])
  return Object.fromEntries(shown) as Row
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

export type TextName = {
  readonly session_id: string
  readonly component?: string
  readonly revision: number
}

type StoredText = { readonly text: string | Bytes }

/** Flips one bit of a stored text; its checksum stays. */
export function flipBit(sql: Sql, { session_id, component = 'session_state', revision }: TextName) {
  const at = [numberOf(sql, session_id), component, revision] as const
  const where = 'WHERE session = ? AND component = ? AND revision = ?'
  const text = sql.exec<StoredText>(`SELECT text FROM component ${where}`, ...at)[0]?.text
  if (text === undefined) throw new Error('no such text')
  const damaged = typeof text === 'string' ? flippedText(text) : flippedBytes(text)
  sql.exec(`UPDATE component SET text = ? ${where}`, damaged, ...at)
}

function flippedText(text: string): string {
  const middle = Math.floor(text.length / 2)
  const flipped = String.fromCharCode(text.charCodeAt(middle) ^ 1)
  return text.slice(0, middle) + flipped + text.slice(middle + 1)
}

/** The same bytes but for one bit, in the middle unless said otherwise. */
export function flippedBytes(bytes: Bytes, at = Math.floor(bytes.byteLength / 2)): Uint8Array {
  return new Uint8Array(bytes).map((byte, index) => (index === at ? byte ^ 1 : byte))
}

/** Takes a stored text away. */
export function loseText(
  sql: Sql,
  { session_id, component = 'session_state', revision }: TextName
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
    .exec<StoredText>('SELECT text FROM component WHERE session = ?', numberOf(sql, session_id))
    .reduce((sum, { text }) => sum + bytesOfText(text), 0)
}

/** A sealed text has a prefix of two bytes, the key's id, a nonce, the checksums and a tag around it. */
function bytesOfText(text: StoredText['text']): number {
  if (typeof text === 'string') return Buffer.byteLength(text)
  const [, idLength = 0] = new Uint8Array(text)
  return text.byteLength - (2 + idLength + 12 + 72 + 16)
}
