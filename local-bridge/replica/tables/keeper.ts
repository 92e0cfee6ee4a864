// What is known of the client itself: the key that mints its ids, whether all its sessions are known, its limit, and what
// it has yet to be told.

import type { Cipher } from '../../../src/storage/cipher.ts'
import { type Bytes, bytesOf, type Sql } from '../../../src/storage/sql.ts'
import type { Whose } from './journal.ts'

export type Keeper = ReturnType<typeof keeperTable>

type Row = {
  readonly mint_key: Bytes | null
  readonly listed_at: number | null
  readonly active_sessions: number | null
}

/** What the client is told at once, at most; more of it says nothing new. */
const MOST_NOTICES = 20

export function keeperTable(sql: Sql, cipher: Cipher) {
  const row = () => sql.exec<Row>('SELECT mint_key, listed_at, active_sessions FROM replica')[0]
  const placeOf = (whose: Whose) => ({ ...whose, name: ['mint_key'] })
  let unlisted = 0
  return {
    mintKey: (whose: Whose): Uint8Array | undefined => {
      const sealed = row()?.mint_key ?? undefined
      if (sealed === undefined) return undefined
      const text = cipher.open(bytesOf(sealed), placeOf(whose))
      return text === undefined ? undefined : new Uint8Array(Buffer.from(text, 'base64url'))
    },

    /** True if the key that is kept opens; undefined if none is. */
    opens: (whose: Whose): boolean | undefined => {
      const sealed = row()?.mint_key ?? undefined
      return sealed && cipher.open(bytesOf(sealed), placeOf(whose)) !== undefined
    },

    keepMintKey: (key: string, whose: Whose): void => {
      sql.exec('UPDATE replica SET mint_key = ?', cipher.seal(key, placeOf(whose)))
    },

    /** When every session of the client was last known to be known; undefined if that never was so. */
    listedAt: (): number | undefined => row()?.listed_at ?? undefined,

    listed: (at: number | null): void => {
      if (at === null) unlisted += 1
      sql.exec('UPDATE replica SET listed_at = ?', at)
    },

    /** Counts how often that ceased to be so since the file was opened, so that a list that was overtaken is noticed. */
    unlisted: (): number => unlisted,

    activeSessions: (): number | undefined => row()?.active_sessions ?? undefined,

    keepActiveSessions: (limit: number): void => {
      sql.exec('UPDATE replica SET active_sessions = ?', limit)
    },

    notify: (text: string): void => {
      sql.exec('INSERT INTO notice (text) VALUES (?)', text)
      sql.exec(
        'DELETE FROM notice WHERE number <= (SELECT max(number) FROM notice) - ?',
        MOST_NOTICES
      )
    },

    /** Gives what the client has yet to be told, once. */
    takeNotices: (): string[] => {
      if (sql.exec('SELECT 1 AS any_ FROM notice LIMIT 1').length === 0) return []
      return sql.exec<{ text: string }>('DELETE FROM notice RETURNING text').map(({ text }) => text)
    },
  }
}
