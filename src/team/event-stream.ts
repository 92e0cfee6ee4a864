// What those hear who watch a team: admins of all of it its events, everybody else what becomes of images and their own
// bridges.

import type { Clock } from '../clock.ts'
import { createEventStream, type EventStream, type Watched } from '../events/event-stream.ts'
import { callerOf, sourceOf, type Watch } from '../events/watch.ts'
import { mayAskForTeam } from './admins-only.ts'
import type { DirectoryStore } from './directory-store.ts'
import type { TeamEventRow } from './storage/event-table.ts'
import { told, toldToMember } from './told-events.ts'

export function createTeamStream(parts: {
  readonly sockets: DurableObjectState
  readonly store: DirectoryStore
  readonly clock: Clock
  /** True if bridges of the subject report the image. */
  readonly isOwnImage: (image_id: string, subject: string) => boolean
}): EventStream {
  const { store, isOwnImage, ...rest } = parts
  const watched: Watched<TeamEventRow> = {
    range: () => store.events.range(),
    after: (sequence, limit) => store.events.after(sequence, limit),
    maySee: () => true,
    told: (watch, row) => {
      if (hearsSessions(watch)) return told(sourceOf(watch), row)
      const { subject } = watch
      const isOwn = isOwnImage(row.image_id, subject)
      return toldToMember(sourceOf(watch), row, { subject, isOwn })
    },
  }
  return createEventStream({ ...rest, watched })
}

/** True for somebody who is told what clients do with their sessions. */
export function hearsSessions(watch: Watch): boolean {
  return mayAskForTeam(callerOf(watch)).ok
}
