// Forgets revisions beyond the limits, and the texts that no kept revision has. Never the newest revision, and no text
// that a damaged one may have to be replaced by.

import type { Held } from '../storage/components.ts'
import type { RevisionMark } from '../storage/revisions.ts'
import type { Store } from '../storage/store.ts'
import { isIntact } from './digest.ts'
import { expendable, surplus } from './kept-revisions.ts'
import type { Limits } from './limits.ts'
import { type Entry, manifestOf } from './manifest.ts'

/** Forgets what is beyond the limits after `newest` was written; gives the bytes that this freed. */
export function forgetOld(
  store: Store,
  session: number,
  newest: number,
  stored: number,
  limits: Limits
): number {
  const { forgetEvery, historyBytes } = limits
  const isDue = newest % forgetEvery === 0
  if (!isDue && stored <= historyBytes) return 0
  const marks = store.revisions.marks(session)
  const old = isDue ? surplus(marks, limits) : new Set<number>()
  let kept = without(marks, old)
  let freed = forget(store, session, marks, old)
  for (const revision of expendable(kept, limits)) {
    if (stored - freed <= historyBytes) break
    const one = new Set([revision])
    freed += forget(store, session, kept, one)
    kept = without(kept, one)
  }
  return freed
}

function without(marks: readonly RevisionMark[], gone: ReadonlySet<number>) {
  return gone.size === 0 ? marks : marks.filter(({ revision }) => !gone.has(revision))
}

/** Forgets some of the revisions there are, given the newest first, which stays. */
function forget(
  store: Store,
  session: number,
  marks: readonly RevisionMark[],
  gone: ReadonlySet<number>
): number {
  if (gone.size === 0) return 0
  store.revisions.delete(session, gone)
  let freed = 0
  let before = 0
  let isGap = false
  for (const { revision } of [...marks].reverse()) {
    if (gone.has(revision)) {
      isGap = true
      continue
    }
    if (isGap) freed += freeBetween(store, session, before, revision)
    before = revision
    isGap = false
  }
  return freed
}

/** Deletes the texts that came after the kept revision `before` and that the next kept one does not have. */
function freeBetween(store: Store, session: number, before: number, next: number): number {
  const manifest: Readonly<Record<string, Entry>> = manifestOf(store, session, next)
  let freed = 0
  for (const held of store.components.heldBetween(session, before, next)) {
    const end =
      manifest[held.component] === undefined ? next + 1 : oldestNeeded(store, session, held)
    if (end !== undefined) {
      freed += store.components.deleteBetween(session, held.component, before, end)
    }
  }
  return freed
}

/** The newest text of a component; undefined if it is the only one, or damaged: then older ones may be needed. */
function oldestNeeded(store: Store, session: number, held: Held): number | undefined {
  if (held.texts === 1) return undefined
  const base = store.components.find(session, held.component, held.newest)
  return base !== undefined && isIntact(base) ? held.newest : undefined
}
