// Refusals on their way into the audit log. A refusal changes nothing, so it is noted in memory and written after the
// answer; equal ones share a row a minute, and all of them together get so many rows a day.

import type { Store } from '../storage/store.ts'
import { append, type Entry } from './audit.ts'
import { REFUSED } from './audit-rules.ts'
import type { Limits } from './limits.ts'

/** Equal events within this time share a row. */
export const SHARED_MS = 60_000

/** Different events of one action that are told apart at a time; further ones share a row. */
export const PLACES = 8

/** Stands for several values in a row that different events share. */
const SEVERAL = '*'

/** How soon it is tried again once refusals have had their rows of the day. */
const TRY_AGAIN_MS = 3_600_000

const DAY_MS = 86_400_000

export type Notes = {
  add(entry: Entry): void
  /** True while something is noted that no row tells yet. */
  isPending(): boolean
  /** Writes what is due; gives when the rest will be, undefined if there is none. */
  write(now: number): number | undefined
}

/** Events of one kind: those that no row tells yet, and when they may get one. */
type Place = { entry: Entry | undefined; dueAt: number }

export function createNotes(store: Store, limits: Limits): Notes {
  const places = new Map<string, Place>()

  function placeOf(entry: Entry): Place {
    const { actor, action, outcome, detail } = entry
    const own = JSON.stringify([action, actor, outcome, detail])
    const key = places.has(own) || places.size < PLACES ? own : `${SEVERAL} ${action}`
    const place = places.get(key) ?? { entry: undefined, dueAt: entry.at }
    places.set(key, place)
    return place
  }

  /** Gives what is due a row each, as far as refusals have rows left today. */
  function writeDue(now: number): void {
    const due = [...places.values()].filter(({ entry, dueAt }) => entry && dueAt <= now)
    if (due.length === 0) return
    const rowsLeft = limits.refusalsADay - store.audit.countSince(REFUSED, now - DAY_MS)
    const refusals = due.filter(({ entry }) => entry?.action === REFUSED)
    const late = new Set(refusals.slice(Math.max(0, rowsLeft)))
    const told = due.filter((place) => !late.has(place))
    store.transaction(() => {
      append(
        store,
        limits,
        told.flatMap(({ entry }) => entry ?? [])
      )
    })
    for (const place of told) Object.assign(place, { entry: undefined, dueAt: now + SHARED_MS })
    for (const place of late) place.dueAt = now + TRY_AGAIN_MS
  }

  return {
    add: (entry) => {
      const place = placeOf(entry)
      place.entry = place.entry === undefined ? entry : together(place.entry, entry)
    },
    isPending: () => [...places.values()].some(({ entry }) => entry !== undefined),
    write: (now) => {
      writeDue(now)
      for (const [key, { entry, dueAt }] of places) {
        if (entry === undefined && dueAt <= now) places.delete(key)
      }
      const times = [...places.values()].flatMap(({ entry, dueAt }) => (entry ? [dueAt] : []))
      return times.length === 0 ? undefined : Math.min(...times)
    },
  }
}

/** One entry for two events: what they have in common, and when it last happened. */
function together(one: Entry, other: Entry): Entry {
  const isSameDetail = JSON.stringify(one.detail) === JSON.stringify(other.detail)
  return {
    at: other.at,
    actor: shared(one.actor, other.actor),
    action: other.action,
    session_id: shared(one.session_id, other.session_id),
    address: shared(one.address, other.address),
    outcome: shared(one.outcome, other.outcome),
    detail: isSameDetail ? one.detail : {},
    times: one.times + other.times,
  }
}

function shared(one: string, other: string): string {
  return one === other ? one : SEVERAL
}
