// What changed in a team, for those who watch it: each event that clients tell while somebody watches; else what a report
// shows to be different; images whose status a report has changed, or that were started anew; and bridges.

import { type EventType, eventTypeOf } from '../protocol/event.ts'
import type { DirectoryStore } from './directory-store.ts'
import type { Report, SessionSummary } from './report.ts'
import type { BridgeKey } from './storage/bridge-table.ts'
import type { LastTold, TeamEventRow } from './storage/event-table.ts'
import type { SummaryRow } from './storage/session-table.ts'

/** Events that can still be asked for; a few more are kept. */
export const TEAM_EVENTS_KEPT = 5000

/** Events are forgotten so many at a time. */
const FORGET_EVERY = 64

export type TeamEvents = {
  /** Notes what a report tells; before its rows are put. */
  reported(report: Report, now: number): void
  /** Notes how an image is now: as all reports have it, and as one subject's own bridges do. */
  imageChanged(change: ImageChange, now: number): void
  /** Notes that a subject's own bridges have seen that an image was started anew, and how it is now. */
  imageRestarted(restart: ImageRestart, now: number): void
  /** Notes that a bridge is not as it was. */
  bridgeChanged(bridge: BridgeKey, now: number): void
}

export type ImageChange = Omit<LastTold, 'sequence'>

export type ImageRestart = ImageChange & Pick<TeamEventRow, 'epoch'>

export function createTeamEvents({ events, sessions }: DirectoryStore): TeamEvents {
  function append(row: Partial<TeamEventRow> & Pick<TeamEventRow, 'at' | 'type'>): void {
    const sequence = events.append({ ...NOTHING, ...row })
    if (sequence % FORGET_EVERY === 0) events.deleteUpTo(sequence - TEAM_EVENTS_KEPT)
  }

  function noteDifference(client_id: string, summary: SessionSummary, now: number): void {
    const type = difference(sessions.find(summary.session_id), summary)
    if (type === undefined) return
    const { session_id, status, revision, bytes, expires_at, image_id } = summary
    const hints = { session_id, status, revision, state_bytes: bytes, expires_at, image_id }
    append({ ...hints, at: now, type, client_id })
  }

  return {
    reported: ({ client_id, sessions: summaries, events: told }, now) => {
      if (told === undefined) {
        for (const summary of summaries) noteDifference(client_id, summary, now)
        return
      }
      for (const { sequence, ...row } of told) append({ ...row, client_id, origin: sequence })
    },
    imageChanged: (change, now) => append({ ...change, at: now, type: 'image.changed' }),
    imageRestarted: (restart, now) => append({ ...restart, at: now, type: 'image.restarted' }),
    bridgeChanged: ({ bridge_id, subject: seen_by }, now) =>
      append({ bridge_id, seen_by, at: now, type: 'bridge.changed' }),
  }
}

/** What two reports of a session differ in; an older one that comes late tells nothing. */
function difference(before: SummaryRow | undefined, now: SessionSummary): EventType | undefined {
  if (before === undefined) {
    return eventTypeOf({ isNew: now.status !== 'deleted' })
  }
  const isOlder =
    now.sequence < before.sequence ||
    (now.sequence === before.sequence && now.last_activity < before.last_activity)
  if (isOlder) return undefined
  return eventTypeOf({
    isNew: false,
    status: changed(before.status, now.status),
    image_id: changed(before.image_id, now.image_id),
    revision: changed(before.revision, now.revision),
    expires_at: changed(before.expires_at, now.expires_at),
  })
}

function changed<Value>(before: Value, now: Value): Value | undefined {
  return before === now ? undefined : now
}

const NOTHING: Omit<TeamEventRow, 'sequence' | 'at' | 'type'> = {
  client_id: '',
  origin: null,
  session_id: '',
  status: '',
  revision: 0,
  state_bytes: 0,
  expires_at: 0,
  image_id: '',
  image_status: '',
  connection_status: '',
  bridge_id: '',
  epoch: '',
  seen_by: '',
  own_image_status: '',
  own_connection_status: '',
}
