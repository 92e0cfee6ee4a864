// evaluation_history: save_context adds entries, everything else replaces them, and beyond the limits the oldest are
// forgotten, whichever way they came.

import { type Outcome, succeed } from '../outcome.ts'
import type { Failure } from '../protocol/failures.ts'
import { fail } from '../protocol/failures.ts'
import { isArrayText, items, type JsonText, utf8Bytes } from '../protocol/json-text.ts'
import { MAX_HISTORY_BYTES, MAX_HISTORY_ENTRIES } from '../protocol/limits.ts'

/** The history after an addition, and how many entries were forgotten for it. */
export type Appended = { readonly text: JsonText; readonly forgotten: number }

/** The brackets around the entries of a history. */
const BRACKETS = 2

/** The entries of a history; what is no array is one entry. */
export function entriesOf(text: JsonText): readonly JsonText[] {
  return isArrayText(text) ? items(text) : [text]
}

/** Bytes of the largest entry that a history can hold. */
const MAX_ENTRY_BYTES = MAX_HISTORY_BYTES - BRACKETS

type Warn = (sentence: string) => void

/** A history that is put in the place of another one: a list keeps its newest entries, another shape stays as it is. */
export function boundedHistory(given: JsonText, warn: Warn): Outcome<JsonText, Failure> {
  if (!isArrayText(given) || isSurelyWithin(given)) return succeed(given)
  const refused = largeEntry(given, 'evaluation_history')
  if (refused !== undefined) return fail(refused)
  const { text, forgotten } = appended(undefined, given)
  warnOf(forgotten, warn)
  return succeed(text)
}

/** Why entries cannot be kept; undefined if each of them can. */
export function largeEntry(given: JsonText, path: string): Failure | undefined {
  const largest = entriesOf(given).reduce((most, entry) => Math.max(most, utf8Bytes(entry)), 0)
  if (largest <= MAX_ENTRY_BYTES) return undefined
  return {
    reason: 'invalid_parameter',
    path,
    detail: `one entry has ${largest} bytes; at most ${MAX_ENTRY_BYTES} are kept`,
  }
}

/** Tells that entries were forgotten. */
export function warnOf(forgotten: number, warn: Warn): void {
  if (forgotten === 0) return
  warn(
    `The oldest entries of evaluation_history were forgotten (${forgotten}): at most ${MAX_HISTORY_ENTRIES} entries and ${MAX_HISTORY_BYTES} bytes are kept.`
  )
}

/** Adds entries behind those that are kept. Each entry keeps its spelling; none is larger than a history may be. */
export function appended(kept: JsonText | undefined, added: JsonText): Appended {
  const fresh = entriesOf(added)
  const old = kept === undefined ? [] : entriesOf(kept)
  if (kept !== undefined && fresh.length === 0) return { text: kept, forgotten: 0 }
  if (old.length === 0 && isArrayText(added) && isWithin(added, fresh.length)) {
    return { text: added, forgotten: 0 }
  }
  const all = [...old, ...fresh]
  const forgotten = all.length - newestThatFit(all)
  return { text: `[${all.slice(forgotten).join(',')}]` as JsonText, forgotten }
}

/** True for a text that is too short to exceed a limit: no character takes more than three bytes, no entry less than two. */
function isSurelyWithin({ length }: JsonText): boolean {
  return length <= 2 * MAX_HISTORY_ENTRIES && 3 * length <= MAX_HISTORY_BYTES
}

function isWithin(text: JsonText, entries: number): boolean {
  return entries <= MAX_HISTORY_ENTRIES && utf8Bytes(text) <= MAX_HISTORY_BYTES
}

/** How many entries, counted from the newest, stay within the limits. */
function newestThatFit(entries: readonly JsonText[]): number {
  let bytes = BRACKETS - 1
  const most = Math.min(entries.length, MAX_HISTORY_ENTRIES)
  for (let count = 0; count < most; count += 1) {
    bytes += utf8Bytes(entries[entries.length - 1 - count] ?? '') + 1
    if (bytes > MAX_HISTORY_BYTES) return count
  }
  return most
}
