// Requests that wait for one image, bounded in number and bytes, in the order in which they came.

import type { ImageLimits } from './image-limits.ts'

export type ImageQueue<Entry> = {
  /** False if there is no place. */
  push(entry: Entry): boolean
  /** Puts an entry in front of all others, bounds or not: it has been taken out before, or is the bridge's own. */
  putFirst(entry: Entry): void
  next(): Entry | undefined
  /** False if the entry did not wait any more. */
  remove(entry: Entry): boolean
  waiting(): readonly Entry[]
}

export function createImageQueue<Entry extends { readonly body: Uint8Array }>(
  limits: Pick<ImageLimits, 'requests' | 'bytes'>
): ImageQueue<Entry> {
  // A Set keeps the order, and takes an entry out of the middle as fast as from the front.
  let entries = new Set<Entry>()
  let bytes = 0

  function remove(entry: Entry): boolean {
    if (!entries.delete(entry)) return false
    bytes -= entry.body.length
    return true
  }

  return {
    push(entry) {
      if (entries.size >= limits.requests || bytes + entry.body.length > limits.bytes) return false
      entries.add(entry)
      bytes += entry.body.length
      return true
    },
    putFirst(entry) {
      entries = new Set([entry, ...entries])
      bytes += entry.body.length
    },
    next() {
      const [entry] = entries
      if (entry !== undefined) remove(entry)
      return entry
    },
    remove,
    waiting: () => [...entries],
  }
}
