// Which images have become another than was told of them last: by a report, or by time alone, which nobody reports.
// What was told last stands in the events themselves, so sleep loses nothing.

import { nextChangeAt, statusOf } from '../image/status.ts'
import type { DirectoryStore } from './directory-store.ts'
import type { ImageChange, TeamEvents } from './events.ts'
import { subjectOf, type Told } from './image-reports.ts'
import type { ImageRoll, ImageView } from './image-roll.ts'

export type ImageChanges = {
  /** Notes what time alone has changed since it was asked last, if anything can have. */
  notePassed(now: number): void
  /** When something can change next by time alone; in the past if that was never looked for. */
  nextAt(): number
  /** An image was reported: its status may change sooner than that of any other. */
  reported(told: Pick<Told, 'image_id' | 'reporter'>, now: number): void
}

/** As much of a status as an event tells. */
type Status = Pick<ImageChange, 'image_status' | 'connection_status'>

export function createImageChanges(parts: {
  readonly store: DirectoryStore
  readonly roll: ImageRoll
  readonly events: TeamEvents
}): ImageChanges {
  const { store, roll, events } = parts
  let nextAt = Number.NEGATIVE_INFINITY

  function note(now: number): void {
    const views = roll.views(now)
    const told = lastTold(store)
    const changes = views.flatMap((view) => changesOf(view, told, now))
    nextAt = Math.min(...views.map((view) => viewChangesAt(view, now)))
    if (changes.length === 0) return
    store.transaction(() => {
      store.prepare(now)
      for (const change of changes) events.imageChanged(change, now)
    })
  }

  return {
    notePassed: (now) => {
      if (now >= nextAt) note(now)
    },
    nextAt: () => nextAt,
    reported: (told, now) => {
      for (const viewer of [undefined, subjectOf(told)]) {
        const record = roll.find(told.image_id, now, viewer)
        if (record !== undefined) nextAt = Math.min(nextAt, nextChangeAt(record, now) ?? nextAt)
      }
    },
  }
}

/** What an event says of an image whose bridges these are. */
export function changeOf(image_id: string, seen_by: string, all: Status, own: Status): ImageChange {
  return {
    image_id,
    seen_by,
    image_status: all.image_status,
    connection_status: all.connection_status,
    own_image_status: own.image_status,
    own_connection_status: own.connection_status,
  }
}

export function isSame(one: Status | undefined, other: Status): boolean {
  return (
    one?.image_status === other.image_status && one.connection_status === other.connection_status
  )
}

type Before = { readonly all: Status; readonly own: ReadonlyMap<string, Status> }

function changesOf(
  { all, own }: ImageView,
  told: ReadonlyMap<string, Before>,
  now: number
): ImageChange[] {
  const { image_id } = all
  const before = told.get(image_id)
  const status = statusOf(all, now)
  const changes = [...own].flatMap(([subject, record]) => {
    const its = statusOf(record, now)
    return isSame(before?.own.get(subject), its) ? [] : [changeOf(image_id, subject, status, its)]
  })
  if (changes.length > 0 || isSame(before?.all, status)) return changes
  return [changeOf(image_id, '', status, status)]
}

function lastTold({ events }: DirectoryStore): ReadonlyMap<string, Before> {
  const told = new Map<string, { all: Status; own: Map<string, Status> }>()
  for (const all of events.lastTold()) {
    const { image_id, seen_by, own_image_status, own_connection_status } = all
    const own = told.get(image_id)?.own ?? new Map<string, Status>()
    own.set(seen_by, { image_status: own_image_status, connection_status: own_connection_status })
    told.set(image_id, { all, own })
  }
  return told
}

function viewChangesAt({ all, own }: ImageView, now: number): number {
  const times = [all, ...own.values()].map((record) => nextChangeAt(record, now))
  return Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY))
}
