// One row for each text that a component has had, under the revision that brought it.
// A revision that leaves a component alone writes no row for it.

import type { Sql } from './sql.ts'
import type { Kept, RowName, Vault } from './vault.ts'

export type ComponentRow = {
  readonly session: number
  readonly component: string
  readonly revision: number
  readonly bytes: number
  /** Of the text's UTF-8 bytes, hexadecimal. */
  readonly sha256: string
  /** Of the same bytes: what a reader checks. */
  readonly crc32: number
  readonly text: string
}

/** A component with the texts that it got between two revisions. */
export type Held = {
  readonly component: string
  readonly newest: number
  readonly texts: number
}

export type Components = ReturnType<typeof componentTable>

/** The row as it is stored. Of a sealed text the checksums are sealed too: they would tell what it is. */
type Stored = Omit<ComponentRow, 'text'> & { readonly text: Kept }

const SHA256_DIGITS = 64
const CRC32_DIGITS = 8

export function componentTable(sql: Sql, vault: Vault) {
  return {
    /** A text that cannot be opened is told as one that fails its checksum. */
    find: (session: number, component: string, revision: number): ComponentRow | undefined => {
      const [row] = sql.exec<Stored>(
        'SELECT * FROM component WHERE session = ? AND component = ? AND revision = ?',
        session,
        component,
        revision
      )
      return row && opened(row, vault)
    },

    /** The revisions at or before `revision` that brought a text of this component, the newest first. */
    revisionsUpTo: (session: number, component: string, revision: number): number[] =>
      sql
        .exec<{ revision: number }>(
          `SELECT revision FROM component WHERE session = ? AND component = ? AND revision <= ?
           ORDER BY revision DESC`,
          session,
          component,
          revision
        )
        .map((row) => row.revision),

    /** The components that a session has ever had and that are still kept. */
    names: (session: number): string[] =>
      sql
        .exec<{ component: string }>(
          'SELECT DISTINCT component FROM component WHERE session = ?',
          session
        )
        .map((row) => row.component),

    insert: (given: ComponentRow): void => {
      const row = sealed(given, vault)
      sql.exec(
        'INSERT INTO component (session, component, revision, bytes, sha256, crc32, text) VALUES (?, ?, ?, ?, ?, ?, ?)',
        row.session,
        row.component,
        row.revision,
        row.bytes,
        row.sha256,
        row.crc32,
        row.text
      )
    },

    /** What came after the revision `after`, up to `last`. */
    heldBetween: (session: number, after: number, last: number): Held[] =>
      sql.exec<Held>(
        `SELECT component, max(revision) AS newest, count(*) AS texts FROM component
         WHERE session = ? AND revision > ? AND revision <= ? GROUP BY component`,
        session,
        after,
        last
      ),

    /** Deletes texts of a component that came after `after` and before `end`; gives the bytes that this freed. */
    deleteBetween: (session: number, component: string, after: number, end: number): number =>
      sql
        .exec<{ bytes: number }>(
          `DELETE FROM component
           WHERE session = ? AND component = ? AND revision > ? AND revision < ? RETURNING bytes`,
          session,
          component,
          after,
          end
        )
        .reduce((sum, row) => sum + row.bytes, 0),

    deleteAll: (session: number): void => {
      sql.exec('DELETE FROM component WHERE session = ?', session)
    },
  }
}

function nameOf({ session, component, revision }: Stored): RowName {
  return { table: 'component', session, key: [component, revision] }
}

function sealed(row: ComponentRow, vault: Vault) {
  const checksums = row.sha256 + row.crc32.toString(16).padStart(CRC32_DIGITS, '0')
  const text = vault.seal(checksums + row.text, nameOf(row))
  return text === undefined ? row : { ...row, sha256: '', crc32: 0, text }
}

function opened(row: Stored, vault: Vault): ComponentRow {
  const { text } = row
  if (typeof text === 'string') return { ...row, text }
  const whole = vault.open(text, nameOf(row))
  if (whole === undefined) return { ...row, sha256: '0'.repeat(SHA256_DIGITS), crc32: -1, text: '' }
  const textAt = SHA256_DIGITS + CRC32_DIGITS
  return {
    ...row,
    sha256: whole.slice(0, SHA256_DIGITS),
    crc32: Number.parseInt(whole.slice(SHA256_DIGITS, textAt), 16),
    text: whole.slice(textAt),
  }
}
