// What time does to sessions: leases end, retention ends, stored answers and audit rows are forgotten. Idempotent.

import type { Store } from '../storage/store.ts'
import { append, type Entry, forgetUpTo, SERVICE } from './audit.ts'
import { deleteSession } from './delete-session.ts'
import { noteEvents } from './events.ts'
import type { Limits } from './limits.ts'

/** Sessions that one run deletes at most; the next run follows at once. */
const BATCH = 100

/** Audit rows that end within this time of each other go together. */
const AUDIT_TOGETHER_MS = 3_600_000

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
    forgetUpTo(store, now - limits.retentionMs)
    const cleaned = { expired: overdue.length, deleted: idle.length }
    if (cleaned.expired + cleaned.deleted > 0) append(store, limits, [cleanupRow(cleaned, now)])
    noteEvents(store, limits, now)
    return cleaned
  })
}

/** When there will be something to clean, in epoch milliseconds; undefined if never. */
export function nextCleanup(store: Store, limits: Limits): number | undefined {
  const times = [
    store.sessions.nextExpiry(),
    after(store.sessions.longestIdle(), limits.retentionMs),
    after(store.answers.oldest(), limits.answersKeptMs),
    after(store.audit.oldest(), limits.retentionMs + AUDIT_TOGETHER_MS),
  ].filter((time) => time !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

function cleanupRow(detail: Cleaned, at: number): Entry {
  const nobody = { session_id: '', address: '', outcome: 'success', times: 1 }
  return { ...nobody, at, actor: SERVICE, action: 'cleanup', detail }
}

function after(time: number | undefined, delay: number): number | undefined {
  return time === undefined ? undefined : time + delay
}
