// The records of all journals in a data folder, read while the bridge runs or not.

import { existsSync } from 'node:fs'
import { type Outcome, refuse, succeed } from '../../../src/outcome.ts'
import { CATALOGUE } from '../../../src/protocol/catalogue.ts'
import { keysAreMissing } from '../../replica/key-file.ts'
import { type JournalRow, readJournal } from '../../replica/tables/records.ts'
import { type ClientFile, clientFilesIn } from './files.ts'

/** A change that was acknowledged here, without its message. */
export type JournalRecord = JournalRow & { readonly file: ClientFile }

/** Which records are meant; all if nothing is said. */
export type Which = {
  readonly client: string | undefined
  /** The beginning of a developer's folder. */
  readonly developer: string | undefined
}

export type Records = {
  readonly records: readonly JournalRecord[]
  /** Files that could not be read. */
  readonly unreadable: readonly string[]
  /** True if the key file is gone: nothing can be opened, and nothing is delivered. */
  readonly isLocked: boolean
}

/** Gives the records in the order in which they were acknowledged; the failure is one sentence. */
export function readRecords(data: string, which: Which): Outcome<Records, string> {
  if (!existsSync(data)) return refuse(`There is no data folder ${data}: name it with --data.`)
  try {
    const files = clientFilesIn(data).filter(({ developer }) =>
      developer.startsWith(which.developer ?? '')
    )
    const read = files.map((file) => ({ file, rows: readJournal(file.path, ({ rows }) => rows) }))
    const records = read.flatMap(({ file, rows = [] }) => rows.map((row) => ({ ...row, file })))
    return succeed({
      records: records
        .filter(({ client_id }) => which.client === undefined || client_id === which.client)
        .sort((a, b) => a.at - b.at || a.sequence - b.sequence),
      isLocked: keysAreMissing(data),
      unreadable: read.filter(({ rows }) => rows === undefined).map(({ file }) => file.path),
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
    return refuse(`The data folder ${data} cannot be read (${code}).`)
  }
}

/** The bridge's own reason: the message cannot be opened with the keys that there are. */
const UNREADABLE = 'The message is damaged, or the key that sealed it is missing.'

/** What a reason means, in a sentence. */
export function meaningOf(reason: string): string {
  if (reason === 'unreadable') return UNREADABLE
  const known = Object.entries(CATALOGUE).find(([name]) => name === reason)
  return known?.[1].when ?? 'The service does not take it.'
}
