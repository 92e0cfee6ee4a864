// What changed in a team, for those who watch it: each event that clients tell while somebody watches; else what a report
// shows to be different; images whose status a report has changed; and bridges.

import { isoTime } from '../clock.ts'
import { type EventType, eventTypeOf, makeEvent } from '../protocol/event.ts'
import type { TeamEvent } from '../protocol/team-event.ts'
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
  /** Notes that a bridge is not as it was. */
  bridgeChanged(bridge: BridgeKey, now: number): void
}

export type ImageChange = Omit<LastTold, 'sequence'>

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
    bridgeChanged: ({ bridge_id, subject: seen_by }, now) =>
      append({ bridge_id, seen_by, at: now, type: 'bridge.changed' }),
  }
}

/** An event as admins of the whole team get it. */
export function told(source: string, row: TeamEventRow): TeamEvent {
  const { sequence, client_id, session_id, status, revision, state_bytes, image_id } = row
  const time = isoTime(row.at)
  if (row.type === 'image.changed') {
    const { image_status, connection_status } = row
    return {
      specversion: '1.0',
      id: String(sequence),
      ...{ source, type: 'image.changed', subject: image_id, time, sequence },
      data: { image_id, image_status, connection_status },
    }
  }
  if (row.type === 'bridge.changed') {
    const { bridge_id } = row
    return {
      specversion: '1.0',
      id: String(sequence),
      ...{ source, type: 'bridge.changed', subject: bridge_id, time, sequence },
      data: { bridge_id },
    }
  }
  const expires_at = isoTime(row.expires_at)
  return makeEvent({
    ...{ source, sequence, time, type: row.type as EventType },
    data: {
      ...{ client_id, session_id, revision, state_bytes, expires_at, image_id },
      status: status as SessionSummary['status'],
    },
  })
}

/**
 * An event as a member gets it: that an own bridge changed; what their own bridges have seen of an image, or where there
 * are none, what others have. By the word of others nothing is orphaned. Undefined for all that is no member's business.
 */
export function toldToMember(
  source: string,
  row: TeamEventRow,
  { subject, isOwn }: { readonly subject: string; readonly isOwn: boolean }
): TeamEvent | undefined {
  if (row.type === 'bridge.changed') {
    return row.seen_by === subject ? told(source, row) : undefined
  }
  if (row.type !== 'image.changed') return undefined
  if (row.seen_by === subject) {
    const { own_image_status: image_status, own_connection_status: connection_status } = row
    return told(source, { ...row, image_status, connection_status })
  }
  if (isOwn) return undefined
  const image_status = row.image_status === 'Orphaned' ? 'Disconnected' : row.image_status
  return told(source, { ...row, image_status })
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
  seen_by: '',
  own_image_status: '',
  own_connection_status: '',
}
