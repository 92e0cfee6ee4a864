// Bounds what the copies of one client take: beyond it, those that were used least recently let go of their states. Their
// rows stay, so that lists are whole; whoever asks for such a session while connected has it here again.

import type { Replica } from './replica.ts'
import { type Kept, LEVEL } from './tables/copies.ts'

/** What the states and histories of one client's sessions may take here. */
export const COPIES_BYTES = 64 * 1024 * 1024

/** Sessions that are let go of at once, so that nobody waits for long. */
const AT_ONCE = 8

type Parts = Pick<Replica, 'store' | 'copies' | 'journal' | 'lightly' | 'whose'>

/** Lets go of some; true if there are more. */
export function forgetUnused(replica: Parts, room: number = COPIES_BYTES): boolean {
  if (replica.whose() === undefined) return false
  const unused = beyond(replica, room)
  const some = unused.slice(-AT_ONCE)
  if (some.length > 0) {
    replica.lightly(() => {
      for (const session of some) letGo(replica, session)
    })
  }
  return unused.length > some.length
}

/** Those that do not fit, the one used last first. What waits for the service takes room, and stays. */
function beyond({ copies, journal }: Parts, room: number): readonly Kept[] {
  let taken = 0
  return copies.usedLast().filter(({ session_id, stored_bytes, target, queue }) => {
    taken += stored_bytes
    return taken > room && target === session_id && !journal.isWaiting(queue)
  })
}

function letGo({ store, copies }: Parts, { number, session_id }: Kept): void {
  store.components.deleteAll(number)
  store.revisions.deleteAll(number)
  store.registryEpochs.deleteAll(number)
  store.sessions.change(number, { stored_bytes: 0 })
  copies.change(session_id, { level: LEVEL.listed, whole_history: 0 })
}
