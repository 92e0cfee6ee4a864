// An event of a team as it is told: all of them to admins of the whole team, to members what is theirs to know.

import { isoTime } from '../clock.ts'
import { type EventType, makeEvent } from '../protocol/event.ts'
import type { TeamEvent } from '../protocol/team-event.ts'
import type { SessionSummary } from './report.ts'
import type { TeamEventRow } from './storage/event-table.ts'

/** An event as admins of the whole team get it. */
export function told(source: string, row: TeamEventRow): TeamEvent {
  const { sequence, client_id, session_id, status, revision, state_bytes, image_id } = row
  const time = isoTime(row.at)
  const envelope = { specversion: '1.0', id: String(sequence), source, time, sequence } as const
  const { image_status, connection_status, bridge_id, epoch } = row
  const data = { image_id, image_status, connection_status }
  switch (row.type) {
    case 'image.changed':
      return { ...envelope, type: 'image.changed', subject: image_id, data }
    case 'image.restarted':
      return { ...envelope, type: 'image.restarted', subject: image_id, data: { ...data, epoch } }
    case 'bridge.changed':
      return { ...envelope, type: 'bridge.changed', subject: bridge_id, data: { bridge_id } }
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
 * are none, what others have. By the word of others nothing is orphaned or started anew. Undefined for all that is no
 * member's business.
 */
export function toldToMember(
  source: string,
  row: TeamEventRow,
  { subject, isOwn }: { readonly subject: string; readonly isOwn: boolean }
): TeamEvent | undefined {
  const isSeen = row.seen_by === subject
  switch (row.type) {
    case 'bridge.changed':
      return isSeen ? told(source, row) : undefined
    case 'image.restarted':
      return isSeen ? told(source, asOwn(row)) : undefined
    case 'image.changed':
      if (isSeen) return told(source, asOwn(row))
      return isOwn ? undefined : told(source, asHearsay(row))
    default:
      return undefined
  }
}

function asOwn(row: TeamEventRow): TeamEventRow {
  const { own_image_status: image_status, own_connection_status: connection_status } = row
  return { ...row, image_status, connection_status }
}

function asHearsay(row: TeamEventRow): TeamEventRow {
  return row.image_status === 'Orphaned' ? { ...row, image_status: 'Disconnected' } : row
}
