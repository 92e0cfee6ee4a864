// What time does to sessions: leases end, retention ends, stored answers are forgotten. Idempotent.

import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import { NO_IMAGE } from './image.ts'
import type { Limits } from './limits.ts'

/** Sessions that one run deletes at most; the next run follows at once. */
const BATCH = 100

export type Cleaned = { readonly expired: number; readonly deleted: number }

/** Cleans what is due now, in one transaction. */
export function cleanup(store: Store, limits: Limits, now: number): Cleaned {
  return store.transaction(() => {
    const overdue = store.sessions.overdue(now)
    for (const { number, sequence } of overdue) {
      store.sessions.change(number, { status: 'expired', sequence: sequence + 1 })
    }
    const idle = store.sessions.idleSince(now - limits.retentionMs, BATCH)
    for (const session of idle) deleteSession(store, session)
    store.sessions.purgeDeleted()
    store.answers.deleteUpTo(now - limits.answersKeptMs)
    return { expired: overdue.length, deleted: idle.length }
  })
}

/** When there will be something to clean, in epoch milliseconds; undefined if never. */
export function nextCleanup(store: Store, limits: Limits): number | undefined {
  const times = [
    store.sessions.nextExpiry(),
    after(store.sessions.longestIdle(), limits.retentionMs),
    after(store.answers.oldest(), limits.answersKeptMs),
  ].filter((time) => time !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Deletes the state at once; the bare row stays until the team's directory has heard of it. */
function deleteSession(store: Store, { number, sequence }: SessionRow): void {
  store.components.deleteAll(number)
  store.revisions.deleteAll(number)
  store.sessions.change(number, {
    status: 'deleted',
    sequence: sequence + 1,
    name: '',
    close_reason: null,
    client_info: '{}',
    state_bytes: 0,
    stored_bytes: 0,
    ...NO_IMAGE,
  })
}

function after(time: number | undefined, delay: number): number | undefined {
  return time === undefined ? undefined : time + delay
}
