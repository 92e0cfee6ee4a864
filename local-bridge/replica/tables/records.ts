// The rows of a journal for whoever looks at them from outside, while a bridge uses the file or not. Reads only; messages
// stay sealed.

import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'

/** An entry without its message. */
export type JournalRow = z.output<typeof row>

const row = z.object({
  sequence: z.number(),
  team: z.string(),
  client_id: z.string(),
  session_id: z.string(),
  command: z.string(),
  delivery_id: z.string(),
  bytes: z.number(),
  at: z.number(),
  refused: z.string().nullable(),
})

const sealed = z.object({ message: z.instanceof(Uint8Array) })

/** A journal as it is at one moment. */
export type JournalFile = {
  readonly rows: readonly JournalRow[]
  /** The message of an entry, as it is stored. */
  sealed(sequence: number): Uint8Array
}

/** A bridge that writes holds its file for moments only. */
const WAIT_MS = 1000

/** Gives what `read` makes of a journal; undefined if the file cannot be read. */
export function readJournal<Found>(
  path: string,
  read: (journal: JournalFile) => Found
): Found | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: WAIT_MS })
    // What is delivered meanwhile is still there for whoever has begun to read.
    database.exec('BEGIN')
    const all = database
      .prepare(
        `SELECT sequence, team, client_id, session_id, command, delivery_id, bytes, at, refused
         FROM journal ORDER BY sequence`
      )
      .all()
    const one = database.prepare('SELECT message FROM journal WHERE sequence = ?')
    return read({
      rows: z.array(row).parse(all),
      sealed: (sequence) => sealed.parse(one.get(sequence)).message,
    })
  } catch {
    return undefined
  } finally {
    database?.close()
  }
}

/** Says which message is meant, and that whoever names it has read the file: nobody guesses a digest of what is sealed. */
export function digestOf(message: Uint8Array): string {
  return createHash('sha256').update(message).digest('hex')
}
