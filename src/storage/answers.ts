// Answers to commands that changed something, so that a repeated request gets the same answer and no second effect.

import type { Sql } from './sql.ts'

export type AnswerRow = {
  /** The idempotency key; empty for the newest request that had none. */
  readonly key: string
  /** SHA-256 over message id and request; empty if the message had no id, or a key. */
  readonly message: string
  /** SHA-256 over command and parameters. */
  readonly request: string
  /** The result as JSON, with null in the places of opaque values. */
  readonly fields: string
  /** JSON array: the opaque fields to fill in from the revision that the result names. */
  readonly opaque: string
  readonly at: number
}

export type Answers = ReturnType<typeof answerTable>

export function answerTable(sql: Sql) {
  return {
    find: (key: string): AnswerRow | undefined =>
      sql.exec<AnswerRow>('SELECT * FROM answered WHERE key = ?', key)[0],

    newest: (): AnswerRow | undefined =>
      sql.exec<AnswerRow>('SELECT * FROM answered ORDER BY number DESC LIMIT 1')[0],

    /** Keeps an answer in place of the one with the same key, and of all answers the newest `limit`. */
    put: (row: AnswerRow, limit: number): void => {
      sql.exec(
        'INSERT OR REPLACE INTO answered (key, message, request, fields, opaque, at) VALUES (?, ?, ?, ?, ?, ?)',
        row.key,
        row.message,
        row.request,
        row.fields,
        row.opaque,
        row.at
      )
      if (row.key === '') return
      sql.exec('DELETE FROM answered WHERE number <= (SELECT max(number) FROM answered) - ?', limit)
    },

    deleteUpTo: (time: number): void => {
      sql.exec('DELETE FROM answered WHERE at <= ?', time)
    },

    oldest: (): number | undefined =>
      sql.exec<{ at: number }>('SELECT at FROM answered ORDER BY number LIMIT 1')[0]?.at,
  }
}
