// What those hear who watch a team: its events, if they may see the sessions of all its clients.

import type { Clock } from '../clock.ts'
import { createEventStream, type EventStream, type Watched } from '../events/event-stream.ts'
import { sourceOf } from '../events/watch.ts'
import { mayAskForTeam } from './admins-only.ts'
import type { DirectoryStore } from './directory-store.ts'
import { told } from './events.ts'
import type { TeamEventRow } from './storage/event-table.ts'

export function createTeamStream(parts: {
  readonly sockets: DurableObjectState
  readonly store: DirectoryStore
  readonly clock: Clock
}): EventStream {
  const { store, ...rest } = parts
  const watched: Watched<TeamEventRow> = {
    range: () => store.events.range(),
    after: (sequence, limit) => store.events.after(sequence, limit),
    maySee: ({ caller }) => mayAskForTeam(caller).ok,
    told: (watch, row) => told(sourceOf(watch), row),
  }
  return createEventStream({ ...rest, watched })
}
