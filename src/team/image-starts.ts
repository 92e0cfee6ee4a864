// When an image was started anew, as its bridges tell it. Each bridge may have its own name for a start (one makes it up
// where the image says none), so only another name from the same bridge is another start.

import { isConnected } from '../image/status.ts'
import type { ImageReport } from './storage/image-table.ts'

/** A start as a report names it; nothing or an empty name says nothing of it. */
type Named = { readonly epoch?: string }

/** True if a report names another start than the last one of the same bridge. */
export function isOtherStart(known: Named | undefined, { epoch = '' }: Named): boolean {
  const { epoch: before = '' } = known ?? {}
  return before !== '' && epoch !== '' && before !== epoch
}

/**
 * The present start of an image by the reports of one subject, and all names of it. Who sees the image counts, or if
 * nobody does, `last`. Told is the name of whoever noticed a start last, else that of whoever has reported for longest, so
 * that it stays the same while two bridges take turns.
 */
export function startOf(
  reports: readonly ImageReport[],
  last: ImageReport,
  now: number
): { readonly epoch: string; readonly epochs: readonly string[] } {
  const seeing = reports.filter((report) => isConnected(report, now))
  const named = (seeing.length === 0 ? [last] : seeing).filter(({ epoch }) => epoch !== '')
  const [newest] = [...named].sort(
    (a, b) =>
      b.epoch_at - a.epoch_at || a.first_seen - b.first_seen || (a.reporter < b.reporter ? -1 : 1)
  )
  return { epoch: newest?.epoch ?? '', epochs: [...new Set(named.map(({ epoch }) => epoch))] }
}
