// evaluation_history as save_context keeps it: entries are added, and beyond the limits the oldest are forgotten.

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
export const MAX_ENTRY_BYTES = MAX_HISTORY_BYTES - BRACKETS

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
