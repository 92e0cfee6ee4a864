// Somebody with a hand in the database, at work on the audit log.

import fc from 'fast-check'
import type { AuditRow } from '../../src/storage/audit.ts'
import type { Sql } from '../../src/storage/sql.ts'

const TEXTS = ['actor', 'action', 'session_id', 'address', 'outcome', 'previous', 'hash'] as const
const NUMBERS = ['at', 'times'] as const

/** Everything that can be done to one row. */
export const tampering = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    pick: fc.nat(),
    column: fc.constantFrom(...TEXTS),
    value: fc.oneof(fc.string(), fc.constantFrom('local', 'success', 'refused', '')),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    pick: fc.nat(),
    column: fc.constantFrom(...NUMBERS),
    value: fc.integer({ min: 1 }),
  }),
  fc.record({
    kind: fc.constant('detail' as const),
    pick: fc.nat(),
    value: fc.dictionary(fc.string(), fc.integer()).map((facts) => JSON.stringify(facts)),
  }),
  fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }),
  fc.record({ kind: fc.constant('copy' as const), pick: fc.nat(), to: fc.integer({ max: 99 }) }),
  fc.record({ kind: fc.constant('move' as const), pick: fc.nat(), to: fc.integer({ max: 99 }) })
)

type Tampering = typeof tampering extends fc.Arbitrary<infer T> ? T : never

/** All rows of the audit log. */
export function auditRows(sql: Sql): AuditRow[] {
  return sql.exec<AuditRow>('SELECT * FROM audit ORDER BY sequence')
}

/** Does it, and gives the first row that is no longer what was written; undefined if nothing differs. */
export function tamper(sql: Sql, rows: readonly AuditRow[], what: Tampering): number | undefined {
  const row = rows[what.pick % rows.length]
  if (row === undefined) throw new Error('there are no rows')
  const { sequence } = row
  switch (what.kind) {
    case 'text':
    case 'number':
      sql.exec(`UPDATE audit SET ${what.column} = ? WHERE sequence = ?`, what.value, sequence)
      return row[what.column] === what.value ? undefined : sequence
    case 'detail':
      sql.exec('UPDATE audit SET detail = ? WHERE sequence = ?', what.value, sequence)
      return row.detail === what.value ? undefined : sequence
    case 'remove':
      sql.exec('DELETE FROM audit WHERE sequence = ?', sequence)
      return sequence
    case 'copy':
      return put(sql, rows, row, what.to)
    case 'move':
      if (rows.some((other) => other.sequence === what.to)) return undefined
      sql.exec('DELETE FROM audit WHERE sequence = ?', sequence)
      return Math.min(put(sql, rows, row, what.to) ?? sequence, sequence)
    default:
      return what satisfies never
  }
}

/** Puts a copy of a row where there is none; before the first one it breaks the first. */
function put(sql: Sql, rows: readonly AuditRow[], row: AuditRow, to: number): number | undefined {
  if (rows.some((other) => other.sequence === to)) return undefined
  insert(sql, { ...row, sequence: to })
  const [first = row, last = row] = [rows[0], rows.at(-1)]
  return to < first.sequence ? first.sequence : last.sequence + 1
}

/** Makes the table what it was. */
export function restoreRows(sql: Sql, rows: readonly AuditRow[]): void {
  sql.exec('DELETE FROM audit')
  for (const row of rows) insert(sql, row)
}

function insert(sql: Sql, row: AuditRow): void {
  const names = Object.keys(row)
  const places = names.map(() => '?').join(', ')
  sql.exec(`INSERT INTO audit (${names.join(', ')}) VALUES (${places})`, ...Object.values(row))
}
