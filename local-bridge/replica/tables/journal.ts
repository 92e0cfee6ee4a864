// Work that was acknowledged here and has yet to reach the service, in its order. A row goes when the service has it;
// one that the service refuses for good stays, with the reason.

import type { Cipher, Place } from '../../../src/storage/cipher.ts'
import { type Bytes, bytesOf, type Sql } from '../../../src/storage/sql.ts'
import { meantTable } from './meant.ts'
import { dropRefused, type Named, putBack } from './refused.ts'

export type Entry = Whose & {
  readonly sequence: number
  /** The session as the client knows it. */
  readonly session_id: string
  /** Entries of one queue are delivered one after another: a session, with the copies that were made of it here. */
  readonly queue: string
  readonly command: string
  /** The same for every attempt, the first one by the relay included. */
  readonly delivery_id: string
  /** The revision that the work was done on; 0 for a creation. */
  readonly base: number
  /** The id that the client was told for a session that the command opens. */
  readonly promised: string | null
  readonly bytes: number
  readonly at: number
  /** Why the service does not take it. */
  readonly refused: string | null
  /** 1 if it was refused before and is delivered for what `meant` says, as the copy here may have gone on without it. */
  readonly again: number
}

export type NewEntry = Omit<Entry, 'sequence' | 'bytes' | 'refused' | 'again'> & {
  readonly message: string
}

/** An entry as it is stored, with its message sealed. */
export type StoredEntry = Omit<Entry, 'sequence' | 'again'> & { readonly message: Uint8Array }

/** All entries, their bytes, and how many of them the service did not take. */
export type Held = { readonly entries: number; readonly bytes: number; readonly refused: number }

/** Whose an entry is. It stands in each, so that each can be read alone. */
export type Whose = { readonly team: string; readonly client_id: string }

export type Journal = ReturnType<typeof journalTable>

/** The bridge's own reason to refuse: the message cannot be read. It is looked at again at each start. */
const UNREADABLE = 'unreadable'

/** Entries that are opened to learn whether the keys are the right ones. */
const MOST_TRIED = 20

const AGAIN = 'EXISTS (SELECT 1 FROM meant WHERE meant.sequence = journal.sequence)'

const COLUMNS = `sequence, team, client_id, session_id, queue, command, delivery_id, base, promised, bytes, at, refused,
  ${AGAIN} AS again`

export function journalTable(sql: Sql, cipher: Cipher) {
  function put(entry: StoredEntry): void {
    const names = Object.keys(entry)
    sql.exec(
      `INSERT INTO journal (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      ...Object.values(entry)
    )
  }

  function first(queue: string, most: number): Entry[] {
    return sql.exec<Entry>(
      `SELECT ${COLUMNS} FROM journal WHERE queue = ? AND refused IS NULL ORDER BY sequence LIMIT ?`,
      queue,
      most
    )
  }

  const held = () => sql.exec<Held>('SELECT entries, bytes, refused FROM replica')[0]

  function sealedOf({ sequence }: Pick<Entry, 'sequence'>): Uint8Array | undefined {
    const [row] = sql.exec<{ message: Bytes }>(
      'SELECT message FROM journal WHERE sequence = ?',
      sequence
    )
    return row && bytesOf(row.message)
  }

  function message(entry: Entry): string | undefined {
    const sealed = sealedOf(entry)
    return sealed && cipher.open(sealed, placeOf(entry))
  }

  return {
    put,

    append: ({ message, ...entry }: NewEntry): void => {
      const sealed = cipher.seal(message, placeOf(entry))
      put({ ...entry, bytes: sealed.length, refused: null, message: sealed })
    },

    queues: (): string[] =>
      sql
        .exec<{ queue: string }>('SELECT DISTINCT queue FROM journal WHERE refused IS NULL')
        .map(({ queue }) => queue),

    /** The entries of a queue that are to be delivered next, so many at most. */
    first,

    /** The one that is next. */
    next: (queue: string): Entry | undefined => first(queue, 1)[0],

    /** What is behind an entry in its session, and was never refused. */
    behind: ({ sequence, session_id }: Entry, queue: string): Entry | undefined =>
      sql.exec<Entry>(
        `SELECT ${COLUMNS} FROM journal WHERE queue = ? AND refused IS NULL AND sequence > ? AND session_id = ?
         AND promised IS NULL AND NOT ${AGAIN} ORDER BY sequence LIMIT 1`,
        ...[queue, sequence, session_id]
      )[0],

    /** What refused entries are for when they are delivered again. */
    meant: meantTable(sql),

    /** The message of an entry; undefined if it is damaged, or its key is not there. */
    message,

    /** True if the key that sealed the message is not there: with it, it can be read. */
    isLocked: (entry: Entry): boolean => {
      const sealed = sealedOf(entry)
      return sealed !== undefined && !cipher.hasKeyOf(sealed)
    },

    /** True if one of the entries that are looked at opens; undefined if there are none. */
    opens: (): boolean | undefined => {
      const entries = sql.exec<Entry>(
        `SELECT ${COLUMNS} FROM journal ORDER BY sequence LIMIT ${MOST_TRIED}`
      )
      if (entries.length === 0) return undefined
      return entries.some((entry) => message(entry) !== undefined)
    },

    /** Lets those wait again that could not be read before, and can be now. */
    reopen: (): void => {
      if ((held()?.refused ?? 0) === 0) return
      const unread = sql.exec<Entry>(`SELECT ${COLUMNS} FROM journal WHERE refused = ?`, UNREADABLE)
      for (const entry of unread.filter((one) => message(one) !== undefined)) {
        sql.exec('UPDATE journal SET refused = NULL WHERE sequence = ?', entry.sequence)
      }
    },

    /** True if something waits that the copies here hold. What was put back is in none of them, and holds nobody up. */
    isWaiting: (queue: string): boolean =>
      sql.exec(
        `SELECT 1 AS waiting FROM journal WHERE queue = ? AND refused IS NULL AND NOT ${AGAIN} LIMIT 1`,
        queue
      ).length > 0,

    held: (): Held => held() ?? { entries: 0, bytes: 0, refused: 0 },

    /** When the first of what waits was acknowledged. */
    oldest: (): number | undefined =>
      sql.exec<{ at: number }>(
        'SELECT at FROM journal WHERE refused IS NULL ORDER BY sequence LIMIT 1'
      )[0]?.at,

    remove: (sequence: number): void => {
      sql.exec('DELETE FROM journal WHERE sequence = ?', sequence)
    },

    /** What the service does not take; without its reason, what cannot be read. */
    refuse: (sequence: number, reason: string = UNREADABLE): void => {
      sql.exec('UPDATE journal SET refused = ? WHERE sequence = ?', reason, sequence)
    },

    /** Takes away refused entries, and no others; gives the sequences of those that are gone. */
    drop: (named: readonly Named[]): number[] => dropRefused(sql, named),

    /** Lets refused entries wait again, and no others; gives the sequences of those that do. */
    putBack: (named: readonly Named[]): number[] => putBack(sql, named),
  }
}

/** Where the message of an entry lives, which it is sealed for. */
export function placeOf({
  team,
  client_id,
  delivery_id,
}: Pick<Entry, keyof Whose | 'delivery_id'>): Place {
  return { team, client_id, name: ['journal', delivery_id] }
}
