// What time does to sessions: leases end, retention ends, stored answers and audit rows are forgotten. Idempotent.

import type { KnownImage, WantedImages } from '../image/record.ts'
import { isOrphaned } from '../image/status.ts'
import type { Store } from '../storage/store.ts'
import { append, type Entry, forgetUpTo, SERVICE } from './audit.ts'
import { deleteSession } from './delete-session.ts'
import { noteEvents } from './events.ts'
import type { Limits } from './limits.ts'

/** Sessions that one run deletes at most; the next run follows at once. */
const BATCH = 100

/** Audit rows that end within this time of each other go together. */
const AUDIT_TOGETHER_MS = 3_600_000

export type Cleaned = {
  readonly expired: number
  readonly deleted: number
  /** Of the expired ones: those whose image was orphaned; absent if none is known to be. */
  readonly orphaned?: number
}

/** The images of sessions whose lease has ended and that nobody has expired yet; undefined if there are none. */
export function imagesToClean(store: Store, now: number): WantedImages | undefined {
  const owner = store.clients.find()
  const ids = new Set(store.sessions.overdue(now).map(({ image_id }) => image_id))
  ids.delete('')
  if (owner === undefined || ids.size === 0) return undefined
  return { ids: [...ids], others: 0, subject: owner.owner }
}

/** Cleans what is due now, in one transaction; what is known of images is for the audit log alone. */
export function cleanup(
  store: Store,
  limits: Limits,
  now: number,
  images: readonly KnownImage[] = []
): Cleaned {
  const away = new Set(
    images.filter((image) => isOrphaned(image, now)).map(({ image_id }) => image_id)
  )
  return store.transaction(() => {
    const overdue = store.sessions.overdue(now)
    for (const { number, sequence } of overdue) {
      store.sessions.change(number, { status: 'expired', sequence: sequence + 1 })
    }
    const idle = store.sessions.idleSince(now - limits.retentionMs, BATCH)
    for (const session of idle) deleteSession(store, session)
    store.sessions.purgeDeleted()
    store.answers.deleteUpTo(now - limits.retentionMs)
    forgetUpTo(store, now - limits.retentionMs)
    const orphaned = overdue.filter(({ image_id }) => away.has(image_id)).length
    const cleaned = {
      ...{ expired: overdue.length, deleted: idle.length },
      ...(orphaned > 0 && { orphaned }),
    }
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
    after(store.answers.oldest(), limits.retentionMs),
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
