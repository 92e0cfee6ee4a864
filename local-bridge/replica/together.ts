// Which entries of the journal are delivered at once, and how many of them.

import { MAX_BATCH_ENTRIES } from '../../src/protocol/limits.ts'
import type { Delivery } from './deliver.ts'
import type { Entry } from './tables/journal.ts'

/** Entries that are delivered at once. */
export const MOST_AT_ONCE = MAX_BATCH_ENTRIES

/** Bytes of their messages; a larger one goes by itself. */
const MOST_BYTES = 1_000_000

/**
 * The first ones that are of one session, none behind the first opens one, and together they are not too large. What is
 * delivered again goes by itself: it is done on a revision of its own.
 */
export function together(entries: readonly Entry[]): readonly Entry[] {
  const [first] = entries
  let bytes = 0
  const end = entries.findIndex((entry, index) => {
    bytes += entry.bytes
    if (index === 0) return false
    if (first?.again === 1 || entry.again === 1) return true
    return entry.session_id !== first?.session_id || entry.promised !== null || bytes > MOST_BYTES
  })
  return end === -1 ? entries : entries.slice(0, end)
}

/** Twice as many after a delivery that went well, and no more than went well otherwise: what is sent in vain costs time. */
export function mostAfter(
  most: number,
  { sent, settled }: Pick<Delivery, 'sent' | 'settled'>
): number {
  return settled === sent ? Math.min(most * 2, MOST_AT_ONCE) : Math.max(settled, 1)
}
