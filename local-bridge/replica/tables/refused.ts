// Takes away what the service refused, once its owner says so. What still waits is never taken.

import { type Bytes, bytesOf, type Sql } from '../../../src/storage/sql.ts'
import { digestOf } from './records.ts'

/** An entry, by its place and by the digest of its sealed message. */
export type Named = { readonly sequence: number; readonly digest: string }

/** Gives the sequences of those that were there, had been refused and are gone now. */
export function dropRefused(sql: Sql, named: readonly Named[]): number[] {
  return sql.transaction(() =>
    named.flatMap(({ sequence, digest }) => {
      const [row] = sql.exec<{ message: Bytes }>(
        'SELECT message FROM journal WHERE sequence = ? AND refused IS NOT NULL',
        sequence
      )
      if (row === undefined || digestOf(bytesOf(row.message)) !== digest) return []
      sql.exec('DELETE FROM journal WHERE sequence = ?', sequence)
      return [sequence]
    })
  )
}
