// One row a revision: when, why, and the manifest that says which text every component has.

import type { Sql } from './sql.ts'
import type { Kept, RowName, Vault } from './vault.ts'

export type RevisionRow = {
  readonly session: number
  readonly revision: number
  readonly at: number
  /** The command that made it, or "repair". */
  readonly cause: string
  /** A name for people, or empty. */
  readonly label: string
  /** JSON array of what changed. */
  readonly changed: string
  /** Bytes of all components at this revision. */
  readonly bytes: number
  /** JSON object: component → { revision, sha256, bytes }. */
  readonly manifest: string
  /** SHA-256 of the manifest's text, hexadecimal. */
  readonly root: string
}

/** A revision without what it consists of. */
export type RevisionSummary = Omit<RevisionRow, 'manifest' | 'root'>

/** What decides whether a revision is kept. */
export type RevisionMark = Pick<RevisionRow, 'revision' | 'at' | 'cause' | 'label'>

export type Revisions = ReturnType<typeof revisionTable>

/** The row as it is stored: in a sealed manifest, its checksum comes first. */
type Stored = RevisionSummary & { readonly manifest: Kept; readonly root: string }

const ROOT_DIGITS = 64

export function revisionTable(sql: Sql, vault: Vault) {
  return {
    /** A manifest that cannot be opened is told as one that fails its checksum. */
    find: (session: number, revision: number): RevisionRow | undefined => {
      const [row] = sql.exec<Stored>(
        'SELECT * FROM revision WHERE session = ? AND revision = ?',
        session,
        revision
      )
      return row && opened(row, vault)
    },

    all: (session: number): RevisionSummary[] =>
      sql.exec<RevisionSummary>(
        `SELECT session, revision, at, cause, label, changed, bytes FROM revision
         WHERE session = ? ORDER BY revision DESC`,
        session
      ),

    /** All of a session, the newest first. */
    marks: (session: number): RevisionMark[] =>
      sql.exec<RevisionMark>(
        'SELECT revision, at, cause, label FROM revision WHERE session = ? ORDER BY revision DESC',
        session
      ),

    insert: (given: RevisionRow): void => {
      const row = sealed(given, vault)
      sql.exec(
        `INSERT INTO revision (session, revision, at, cause, label, changed, bytes, manifest, root)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        row.session,
        row.revision,
        row.at,
        row.cause,
        row.label,
        row.changed,
        row.bytes,
        row.manifest,
        row.root
      )
    },

    /** Gives a revision another label. */
    name: (session: number, revision: number, label: string): void => {
      sql.exec(
        'UPDATE revision SET label = ? WHERE session = ? AND revision = ?',
        label,
        session,
        revision
      )
    },

    /** Deletes the revisions with these numbers. */
    delete: (session: number, revisions: Iterable<number>): void => {
      sql.exec(
        `DELETE FROM revision
         WHERE session = ? AND revision IN (SELECT value FROM json_each(?))`,
        session,
        JSON.stringify([...revisions])
      )
    },

    deleteAll: (session: number): void => {
      sql.exec('DELETE FROM revision WHERE session = ?', session)
    },
  }
}

function nameOf({ session, revision }: Stored): RowName {
  return { table: 'revision', session, key: [revision] }
}

function sealed(row: RevisionRow, vault: Vault) {
  const manifest = vault.seal(row.root + row.manifest, nameOf(row))
  return manifest === undefined ? row : { ...row, root: '', manifest }
}

function opened(row: Stored, vault: Vault): RevisionRow {
  const { manifest } = row
  if (typeof manifest === 'string') return { ...row, manifest }
  const whole = vault.open(manifest, nameOf(row)) ?? ''
  return { ...row, root: whole.slice(0, ROOT_DIGITS), manifest: whole.slice(ROOT_DIGITS) }
}
