// Reads what can still be read of the journal in a damaged file. Row by row: one torn row costs no other.

import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import type { StoredEntry } from './journal.ts'

export type Rescued = { readonly entries: readonly StoredEntry[]; readonly lost: number }

const stored = z.object({
  team: z.string(),
  client_id: z.string(),
  session_id: z.string(),
  queue: z.string(),
  command: z.string(),
  delivery_id: z.string(),
  base: z.number(),
  promised: z.string().nullable(),
  bytes: z.number(),
  at: z.number(),
  message: z.instanceof(Uint8Array),
  refused: z.string().nullable(),
})

/** The entries, sealed as they are; what was known of sessions is asked of the service again. */
export function rescueEntries(path: string): Rescued {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    const numbers = database.prepare('SELECT sequence FROM journal ORDER BY sequence').all()
    const one = database.prepare('SELECT * FROM journal WHERE sequence = ?')
    const entries = numbers.flatMap(({ sequence }) => entryOf(() => one.get(sequence ?? 0)))
    return { entries, lost: numbers.length - entries.length }
  } catch {
    return { entries: [], lost: 0 }
  } finally {
    database?.close()
  }
}

function entryOf(read: () => unknown): StoredEntry[] {
  try {
    return [stored.parse(read())]
  } catch {
    return []
  }
}
