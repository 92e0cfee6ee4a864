// What a change that the service refused was meant for: a session and a revision, as the service counts them. Put back, it is
// delivered for exactly that, however far the copy has come since, so that the service sees what was changed meanwhile.

import { onlyLooks } from '../../../src/protocol/registry.ts'
import type { Sql } from '../../../src/storage/sql.ts'

export type Meant = {
  /** The session that the work goes to. */
  readonly target: string
  /** The revision of it that the work was done on. */
  readonly revision: number
}

export type MeantTable = ReturnType<typeof meantTable>

type Numbered = { readonly sequence: number }

/** What of an entry of the journal decides what it is meant for. */
type Refused = Numbered & {
  readonly session_id: string
  readonly command: string
  readonly base: number
  readonly promised: string | null
}

export function meantTable(sql: Sql) {
  /** What was refused last for the same revision, if this work was done on top of it. */
  function before({ sequence, session_id, base }: Refused, { target, revision }: Meant) {
    const [row] = sql.exec<{ sequence: number; base: number }>(
      `SELECT sequence, base FROM meant WHERE named = ? AND target = ? AND revision = ? AND sequence < ?
       ORDER BY sequence DESC LIMIT 1`,
      ...[session_id, target, revision, sequence]
    )
    return row !== undefined && row.base < base ? row.sequence : null
  }

  return {
    find: ({ sequence }: Numbered): Meant | undefined =>
      sql.exec<Meant>('SELECT target, revision FROM meant WHERE sequence = ?', sequence)[0],

    /** Notes it once. What opens a session says itself where it belongs, and a lease belongs to whatever there is. */
    note: (entry: Refused, meant: Meant): void => {
      if (entry.promised !== null || onlyLooks(entry.command)) return
      const { sequence, session_id, base } = entry
      const { target, revision } = meant
      sql.exec(
        'INSERT OR IGNORE INTO meant VALUES (?, ?, ?, ?, ?, ?)',
        ...[sequence, session_id, base, target, revision, before(entry, meant)]
      )
    },

    /** An entry has been delivered after all: what was done on top of it is meant for what it has become. */
    pass: ({ sequence }: Numbered, { target, revision }: Meant): void => {
      sql.exec(
        'UPDATE meant SET target = ?, revision = ?, follows = NULL WHERE follows = ?',
        ...[target, revision, sequence]
      )
    },
  }
}
