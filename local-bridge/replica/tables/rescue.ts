// Reads what can still be read of the journal in a damaged file: each row by its number, and what SQLite does not find any
// more from the pages themselves. One torn page costs what only it held. Reads only.

import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { openFilePages } from './file-pages.ts'
import type { StoredEntry } from './journal.ts'
import { rowsInPages } from './page-rows.ts'

export type Rescued = {
  /** In the order in which they were acknowledged. */
  readonly entries: readonly StoredEntry[]
  /** Undefined if the file does not tell any more how many there were. */
  readonly lost: number | undefined
}

/** Numbers that are looked at, the newest first: more than a journal may hold. */
const MOST_LOOKED_AT = 250_000

/** The columns in their order. */
const COLUMNS = [
  ...['sequence', 'team', 'client_id', 'session_id', 'queue', 'command', 'delivery_id'],
  ...['base', 'promised', 'bytes', 'at', 'message', 'refused'],
]

const stored = z
  .object({
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
  .refine(({ bytes, message }) => bytes === message.length)

const numbered = z.object({ sequence: z.int() })
const counted = z.object({ count: z.int() })

/** The entries, sealed as they are; what was known of sessions is asked of the service again. */
export function rescueEntries(path: string): Rescued {
  const found = new Map<number, StoredEntry>()
  const known = attempt(() => readRows(path, found)) ?? []
  attempt(() => readPages(path, found))
  const entries = [...found].sort(([a], [b]) => a - b).map(([, entry]) => entry)
  const missing = known.map((count) => Math.max(0, count - entries.length))
  return { entries, lost: missing.length === 0 ? undefined : Math.max(...missing) }
}

/** What SQLite still finds; gives what the file says of how many there are. */
function readRows(path: string, found: Map<number, StoredEntry>): number[] {
  using database = new DatabaseSync(path, { readOnly: true })
  const one = (query: string) => attempt(() => database.prepare(query).get())
  const waiting = attempt(() =>
    database
      .prepare('SELECT sequence FROM journal INDEXED BY journal_queue WHERE refused IS NULL')
      .all()
  )
  const last = newest([
    one("SELECT seq AS sequence FROM sqlite_sequence WHERE name = 'journal'"),
    one('SELECT max(sequence) AS sequence FROM journal'),
    ...(waiting ?? []),
  ])
  const row = attempt(() => database.prepare('SELECT * FROM journal WHERE sequence = ?'))
  for (let number = last; row && number > Math.max(0, last - MOST_LOOKED_AT); number -= 1) {
    const entry = attempt(() => stored.parse(row.get(number)))
    if (entry !== undefined) found.set(number, entry)
  }
  const told = counted.safeParse(one('SELECT entries AS count FROM replica')).data?.count
  return [told, waiting?.length].filter((count) => count !== undefined)
}

function newest(rows: readonly unknown[]): number {
  return Math.max(0, ...rows.map((row) => numbered.safeParse(row).data?.sequence ?? 0))
}

/** Rows of pages that no tree leads to any more. */
function readPages(path: string, found: Map<number, StoredEntry>): void {
  using pages = openFilePages(path)
  for (const { number, values } of rowsInPages(pages, COLUMNS.length)) {
    if (found.has(number)) continue
    const row = Object.fromEntries(values.map((value, index) => [COLUMNS[index], value]))
    const { data } = stored.safeParse(row)
    if (data !== undefined) found.set(number, data)
  }
}

/** Undefined for what is torn. */
function attempt<Found>(read: () => Found): Found | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
