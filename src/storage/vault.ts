// Between the tables and the cipher: knows whose database this is, and what a column holds.
// In a column a string is a text as it is, and bytes are a sealed one.

import type { Cipher, Place } from './cipher.ts'
import { type Bytes, bytesOf, type Sql } from './sql.ts'

/** What a column holds that may be sealed. */
export type Kept = string | Bytes

/** The name of a row; its session is named by its number, and bound by its id. */
export type RowName = {
  readonly table: 'component' | 'revision' | 'answered' | 'registry_epoch'
  readonly session?: number
  readonly key: readonly (string | number)[]
}

export type Vault = {
  /** A sealed text; undefined while nothing is to be sealed. */
  seal(text: string, name: RowName): Uint8Array | undefined
  /** The text of a sealed column; undefined if it cannot be opened. */
  open(sealed: Bytes, name: RowName): string | undefined
}

/** The vault of a client's database; without a cipher it seals nothing and can open nothing. */
export function createVault(sql: Sql, cipher: Cipher | undefined): Vault {
  return {
    seal: (text, name) => {
      if (cipher === undefined) return undefined
      const place = placeOf(sql, name)
      if (place === undefined) throw new Error(`a row of ${name.table} has no client`)
      return cipher.seal(text, place)
    },
    open: (sealed, name) => {
      const place = cipher && placeOf(sql, name)
      return place && cipher.open(bytesOf(sealed), place)
    },
  }
}

function placeOf(sql: Sql, { table, session, key }: RowName): Place | undefined {
  const [row] = sql.exec<{ team: string; client_id: string; session_id: string | null }>(
    'SELECT team, client_id, session_id FROM client LEFT JOIN session ON number = ?',
    session ?? null
  )
  if (row === undefined) return undefined
  const { team, client_id, session_id } = row
  return { team, client_id, name: [table, session_id ?? '', ...key] }
}
