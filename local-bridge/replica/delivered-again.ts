// What follows when the service has taken a change after all that it refused before. The copy here has gone on without it: only
// work that was done on top of it goes on from what it has become.

import type { Replica } from './replica.ts'
import type { Result } from './service-answer.ts'
import type { Entry } from './tables/journal.ts'
import type { Meant } from './tables/meant.ts'

/** The entry goes; `notify` hears of a copy that nothing else leads to. */
export function deliveredAgain(
  { journal, copies }: Replica,
  entry: Entry,
  { session_id, revision, conflict }: Result,
  notify: (copyId: string) => void
): void {
  const meant = journal.meant.find(entry)
  journal.remove(entry.sequence)
  if (meant === undefined || session_id === undefined || revision === undefined) return
  const isCopy = conflict !== undefined
  // It may have been done in another session before, when its client sent it again by itself.
  if (!isCopy && session_id !== meant.target) return
  const after: Meant = { target: session_id, revision }
  journal.meant.pass(entry, after)
  const copy = copies.ensure(entry.session_id)
  const next = journal.behind(entry, copy.queue)
  const isSame = copy.target === meant.target && copy.synced_revision === meant.revision
  if (next !== undefined && isSame && next.base > entry.base) {
    copies.change(entry.session_id, { target: after.target, synced_revision: after.revision })
    return
  }
  if (!isCopy) return
  // It is fetched with the queue.
  copies.ensure(session_id)
  copies.change(session_id, { queue: entry.queue })
  notify(session_id)
}
