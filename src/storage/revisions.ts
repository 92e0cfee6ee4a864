// One row a revision: when, why, and the manifest that says which text every component has.

import type { Sql } from './sql.ts'

export type RevisionRow = {
  readonly session: number
  readonly revision: number
  readonly at: number
  /** The command that made it, or "repair". */
  readonly cause: string
  /** JSON array of what changed. */
  readonly changed: string
  /** Bytes of all components at this revision. */
  readonly bytes: number
  /** JSON object: component → { revision, sha256, bytes }. */
  readonly manifest: string
  /** SHA-256 of the manifest's text, hexadecimal. */
  readonly root: string
}

export type Revisions = ReturnType<typeof revisionTable>

export function revisionTable(sql: Sql) {
  return {
    find: (session: number, revision: number): RevisionRow | undefined =>
      sql.exec<RevisionRow>(
        'SELECT * FROM revision WHERE session = ? AND revision = ?',
        session,
        revision
      )[0],

    all: (session: number): RevisionRow[] =>
      sql.exec<RevisionRow>(
        'SELECT * FROM revision WHERE session = ? ORDER BY revision DESC',
        session
      ),

    oldest: (session: number): number =>
      sql.exec<{ revision: number | null }>(
        'SELECT min(revision) AS revision FROM revision WHERE session = ?',
        session
      )[0]?.revision ?? 0,

    insert: (row: RevisionRow): void => {
      sql.exec(
        `INSERT INTO revision (session, revision, at, cause, changed, bytes, manifest, root)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        row.session,
        row.revision,
        row.at,
        row.cause,
        row.changed,
        row.bytes,
        row.manifest,
        row.root
      )
    },

    deleteBefore: (session: number, revision: number): void => {
      sql.exec('DELETE FROM revision WHERE session = ? AND revision < ?', session, revision)
    },

    deleteAll: (session: number): void => {
      sql.exec('DELETE FROM revision WHERE session = ?', session)
    },
  }
}
