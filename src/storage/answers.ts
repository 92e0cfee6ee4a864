// Answers to commands that changed something, so that a repeated request gets the same answer and no second effect.

import type { Sql } from './sql.ts'
import type { Kept, RowName, Vault } from './vault.ts'

export type AnswerRow = {
  /** The name of the request, or what is in front of the names of its caller for the newest one that had none. */
  readonly key: string
  /** The delivery of a bridge that was answered so; empty without one. */
  readonly delivery: string
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

/** How many answers are kept at most: of all, and of those that a delivery has heard. */
export type AnswerRoom = { readonly answers: number; readonly deliveries: number }

/** Old answers go at every so many new ones; until then up to so many more are kept. */
const FORGET_EVERY = 64

export type Answers = ReturnType<typeof answerTable>

/** The row as it is stored: of a state that can be guessed, the digests of a request would tell that it was right. */
type Stored = Omit<AnswerRow, 'request'> & { readonly request: Kept }

const DIGEST_DIGITS = 64

/** Others' names have a digest and a space in front, which no name of the owner's begins with: it has a colon there. */
const BY = `iif(instr(substr(key, 1, ${DIGEST_DIGITS}), ':') > 0, '', substr(key, 1, ${DIGEST_DIGITS} + 1))`

export function answerTable(sql: Sql, vault: Vault) {
  /** The newest answer of the caller who was answered last: most questions are about it. */
  let remembered: { readonly by: string; readonly row: AnswerRow } | undefined

  /** Each number is passed once, so what is behind the last span was looked at before. */
  function forget(number: number, { answers, deliveries }: AnswerRoom): void {
    sql.exec(
      "DELETE FROM answered WHERE number > ?1 - ?2 AND number <= ?1 AND delivery = ''",
      number - answers,
      FORGET_EVERY
    )
    sql.exec('DELETE FROM answered WHERE number <= ?', number - deliveries)
  }

  return {
    /** To be called when a transaction was undone: what it has put is not there. */
    forgetNewest: (): void => {
      remembered = undefined
    },

    /** The answer to a request whose digests cannot be opened is told as that to another request. */
    find: (key: string): AnswerRow | undefined => {
      const [row] = sql.exec<Stored>('SELECT * FROM answered WHERE key = ?', key)
      return row && opened(row, vault)
    },

    /** The newest of one caller, by what is in front of the names: nothing for the owner. */
    newest: (by: string): AnswerRow | undefined => {
      if (remembered?.by === by) return remembered.row
      const [row] = sql.exec<Stored>(
        `SELECT * FROM answered WHERE ${BY} = ? ORDER BY number DESC LIMIT 1`,
        by
      )
      return row && opened(row, vault)
    },

    /** Keeps an answer to a caller in place of the one with the same key, and of all answers no more than the room says. */
    put: (by: string, given: AnswerRow, room: AnswerRoom): void => {
      const row = sealed(given, vault)
      remembered = { by, row: given }
      const [put] = sql.exec<{ number: number }>(
        `INSERT OR REPLACE INTO answered (key, delivery, message, request, fields, opaque, at)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number`,
        row.key,
        row.delivery,
        row.message,
        row.request,
        row.fields,
        row.opaque,
        row.at
      )
      const number = put?.number ?? 0
      if (number % FORGET_EVERY === 0) forget(number, room)
    },

    /** Rows are numbered in the order of their times, so that none is looked at that stays. */
    deleteUpTo: (time: number): void => {
      remembered = undefined
      const [kept] = sql.exec<{ number: number }>(
        'SELECT number FROM answered WHERE at > ? ORDER BY number LIMIT 1',
        time
      )
      if (kept === undefined) sql.exec('DELETE FROM answered')
      else sql.exec('DELETE FROM answered WHERE number < ?', kept.number)
    },

    oldest: (): number | undefined =>
      sql.exec<{ at: number }>('SELECT at FROM answered ORDER BY number LIMIT 1')[0]?.at,
  }
}

function nameOf({ key }: Stored): RowName {
  return { table: 'answered', key: [key] }
}

function sealed(row: AnswerRow, vault: Vault) {
  const request = vault.seal(row.request + row.message, nameOf(row))
  return request === undefined ? row : { ...row, message: '', request }
}

function opened(row: Stored, vault: Vault): AnswerRow {
  const { request } = row
  if (typeof request === 'string') return { ...row, request }
  const whole = vault.open(request, nameOf(row)) ?? ''
  return { ...row, request: whole.slice(0, DIGEST_DIGITS), message: whole.slice(DIGEST_DIGITS) }
}
