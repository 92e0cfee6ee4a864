// How much is in the journal of a file, for whoever looks at it from outside, while a bridge uses it or not. Reads only.

import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'

export type Depth = z.output<typeof depth>

const depth = z.object({
  waiting: z.number(),
  /** Of what waits and what was refused. */
  bytes: z.number(),
  /** When the first of what waits was acknowledged. */
  oldest: z.number().nullable(),
  refused: z.array(z.object({ command: z.string(), reason: z.string(), count: z.number() })),
})

/** A bridge that writes holds its file for moments only. */
const WAIT_MS = 1000

const NOTHING: Depth = { waiting: 0, bytes: 0, oldest: null, refused: [] }

/** Undefined if the file cannot be read. One that a bridge has only begun to make holds nothing. */
export function readDepth(path: string): Depth | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: WAIT_MS })
    if (!hasJournal(database)) return NOTHING
    const all = database
      .prepare(
        `SELECT count(*) FILTER (WHERE refused IS NULL) AS waiting, coalesce(sum(bytes), 0) AS bytes,
           min(at) FILTER (WHERE refused IS NULL) AS oldest FROM journal`
      )
      .get()
    const refused = database
      .prepare(
        `SELECT command, refused AS reason, count(*) AS count FROM journal WHERE refused IS NOT NULL
         GROUP BY command, refused ORDER BY count(*) DESC, command, refused`
      )
      .all()
    return depth.parse({ ...all, refused })
  } catch {
    return undefined
  } finally {
    database?.close()
  }
}

function hasJournal(database: DatabaseSync): boolean {
  const tables = database.prepare(
    "SELECT count(*) AS count FROM sqlite_schema WHERE name = 'journal'"
  )
  return tables.get()?.count !== 0
}
