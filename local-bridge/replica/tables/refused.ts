// What becomes of changes that the service refused, once their owner says so: they are taken away, or wait again. What still
// waits is never touched.

import { type Bytes, bytesOf, type Sql } from '../../../src/storage/sql.ts'
import { copyTable } from './copies.ts'
import { meantTable } from './meant.ts'
import { digestOf } from './records.ts'

/** An entry, by its place and by the digest of its sealed message. */
export type Named = { readonly sequence: number; readonly digest: string }

type Row = {
  readonly session_id: string
  readonly command: string
  readonly base: number
  readonly promised: string | null
  readonly message: Bytes
}

/** Gives the sequences of those that were there, had been refused and are gone now. */
export function dropRefused(sql: Sql, named: readonly Named[]): number[] {
  return sql.transaction(() =>
    named.flatMap((one) => {
      if (refusedRow(sql, one) === undefined) return []
      sql.exec('DELETE FROM journal WHERE sequence = ?', one.sequence)
      return [one.sequence]
    })
  )
}

/** Gives the sequences of those that had been refused and wait now: where they stood, for the revision that they were for. */
export function putBack(sql: Sql, named: readonly Named[]): number[] {
  const [meant, copies] = [meantTable(sql), copyTable(sql)]
  return sql.transaction(() =>
    named.flatMap((one) => {
      const row = refusedRow(sql, one)
      if (row === undefined) return []
      const { sequence } = one
      // What was refused by a bridge that noted nothing.
      meant.note({ ...row, sequence }, { target: row.session_id, revision: row.base })
      const { queue } = copies.ensure(meant.find(one)?.target ?? row.session_id)
      sql.exec('UPDATE journal SET refused = NULL, queue = ? WHERE sequence = ?', queue, sequence)
      return [sequence]
    })
  )
}

function refusedRow(sql: Sql, { sequence, digest }: Named): Row | undefined {
  const [row] = sql.exec<Row>(
    `SELECT session_id, command, base, promised, message FROM journal
     WHERE sequence = ? AND refused IS NOT NULL`,
    sequence
  )
  return row !== undefined && digestOf(bytesOf(row.message)) === digest ? row : undefined
}
