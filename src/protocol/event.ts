// What subscribers hear: that something changed, never what it holds. An event is a hint to look; its sequence
// says that nothing was missed. Shaped as CloudEvents 1.0 (specversion, id, source, type, subject, time, data).

import * as z from 'zod'
import * as fields from './fields.ts'

export const EVENT_TYPES = [
  'session.created',
  'session.updated',
  'session.moved',
  'session.renewed',
  'session.revived',
  'session.expired',
  'session.closed',
  'session.deleted',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

export const eventType = z
  .enum(EVENT_TYPES)
  .describe('What happened; of several changes at once the weightiest.')

/** What happened to a session; what is absent stayed as it was. */
export type SessionChange = {
  readonly isNew: boolean
  readonly status?: z.output<typeof eventData>['status'] | undefined
  readonly image_id?: string | undefined
  readonly revision?: number | undefined
  readonly expires_at?: number | undefined
}

/** The weightiest of what happened; undefined for what nobody sees. */
export function eventTypeOf(change: SessionChange): EventType | undefined {
  if (change.isNew) return 'session.created'
  switch (change.status) {
    case 'deleted':
      return 'session.deleted'
    case 'closed':
      return 'session.closed'
    case 'expired':
      return 'session.expired'
    case 'active':
      return 'session.revived'
  }
  if (change.image_id !== undefined) return 'session.moved'
  if (change.revision !== undefined) return 'session.updated'
  return change.expires_at === undefined ? undefined : 'session.renewed'
}

/** What an event tells of its session: how it is now, so that a late reader is not misled. */
export const eventData = z.object({
  client_id: fields.clientId,
  session_id: fields.sessionId,
  status: z
    .enum(['active', 'expired', 'closed', 'deleted'])
    .describe('Where the session was in its life then.'),
  revision: fields.revision,
  state_bytes: fields.bytes,
  expires_at: fields.expiresAt,
  image_id: z.string().describe('Empty for a session without an image.'),
})

export const eventSequence = z
  .int()
  .min(1)
  .describe('Counts the events of one source from 1, without gaps.')

export const event = z.object({
  specversion: z.literal('1.0').describe('The version of CloudEvents.'),
  id: z.string().describe('Unique with `source`.'),
  source: z.string().describe('Whose events these are: /clients/<client_id>.'),
  type: eventType,
  subject: fields.sessionId.describe('The session that changed.'),
  time: fields.timestamp,
  sequence: eventSequence,
  data: eventData.describe('How the session was after the change.'),
})
export type Event = z.output<typeof event>

/** Writes an event out of what a source keeps of it. */
export function makeEvent(kept: {
  readonly source: string
  readonly type: EventType
  readonly time: string
  readonly sequence: number
  readonly data: z.output<typeof eventData>
}): Event {
  const { source, sequence, data } = kept
  return {
    specversion: '1.0',
    id: String(sequence),
    source,
    type: kept.type,
    subject: data.session_id,
    time: kept.time,
    sequence,
    data,
  }
}

/** What a socket hears first: where the source is, and whether events were missed that are no longer kept. */
export type Opened = {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: 'stream.opened'
  readonly time: string
  /** The newest sequence of the source; 0 before its first event. */
  readonly sequence: number
  readonly data: { readonly after: number; readonly missed: boolean }
}

/** True if there were events after this sequence that are no longer kept, or if the source never came that far. */
export function isMissed(
  after: number,
  { oldest, newest }: { readonly oldest: number; readonly newest: number }
): boolean {
  return after > newest || (newest > 0 && after < oldest - 1)
}

/** Why the service closes a socket, and what to do then. Codes of 4000 to 4099 say: connect again. */
export const CLOSE = {
  /** The time of one socket is over: connect again with the sequence that was heard last. */
  renew: { code: 4000, reason: 'connect again' },
  /** The token has ended: connect again with a new one. */
  tokenEnded: { code: 4001, reason: 'the token has ended: connect again with a new one' },
  /** Something was said on a socket that only tells: do not connect again with this program. */
  onlyTells: { code: 4100, reason: 'this socket only tells: send commands to /v1/messages' },
} as const

/** True if a socket that was closed with this code may be opened again; what is not ours is the network's doing. */
export function mayReconnect(code: number): boolean {
  return code < 4100 || code > 4199
}
