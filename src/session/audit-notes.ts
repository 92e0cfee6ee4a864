// What changed nothing, on its way into the audit log: refusals, what an admin read, cleanups without effect. It is noted
// in memory and written after the answer; equal ones share a row a minute, and each kind gets so many rows a day. An
// export is noted, too, and has a row of its own at once as long as there are not too many.

import type { Store } from '../storage/store.ts'
import { append, type Entry } from './audit.ts'
import { EXPORTED, REFUSED } from './audit-rules.ts'
import type { Limits } from './limits.ts'

/** Equal events within this time share a row. */
export const SHARED_MS = 60_000

/** Different events of one action that are told apart at a time; further ones share a row. */
export const PLACES = 8

/** Stands for several values in a row that different events share. */
const SEVERAL = '*'

/** How soon it is tried again once a kind has had its rows of the day. */
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

  function rowsLeft(action: string, rowsADay: number, now: number): number {
    return Math.max(0, rowsADay - store.audit.countSince(action, now - DAY_MS))
  }

  /** Rows that a kind may take in a day. */
  function rowsADay(action: string): number {
    if (action === REFUSED) return limits.refusalsADay
    return action === EXPORTED ? limits.exportsADay + limits.notesADay : limits.notesADay
  }

  /** Gives what is due a row each, as far as its kind has rows left today. */
  function writeDue(now: number): void {
    const due = [...places.values()].filter(({ entry, dueAt }) => entry && dueAt <= now)
    if (due.length === 0) return
    const kinds = Map.groupBy(due, ({ entry }) => entry?.action ?? '')
    const late = new Set(
      [...kinds].flatMap(([kind, of]) => of.slice(rowsLeft(kind, rowsADay(kind), now)))
    )
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
      const { action, at } = entry
      if (action === EXPORTED && rowsLeft(action, limits.exportsADay, at) > 0) {
        store.transaction(() => append(store, limits, [entry]))
        return
      }
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
