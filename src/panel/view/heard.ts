// What a socket of /v1/events says, read strictly enough to be used; anything else is not for this page.

import type { EventType } from '../../protocol/event.ts'
import { parseJson } from '../../protocol/json-text.ts'

export type SessionHeard = {
  readonly type: EventType
  readonly sequence: number
  readonly at: number
  readonly session_id: string
  readonly client_id: string
  readonly status: 'active' | 'expired' | 'closed' | 'deleted'
  readonly revision: number
  readonly state_bytes: number
  readonly expires_at: number
  readonly image_id: string
}

export type ImageHeard = {
  readonly type: 'image.changed'
  readonly sequence: number
  readonly at: number
  readonly image_id: string
  readonly image_status: string
}

/** The image was started anew; `epoch` names this start. */
export type RestartHeard = Omit<ImageHeard, 'type'> & {
  readonly type: 'image.restarted'
  readonly epoch: string
}

/** What bridges hold has to be asked for. */
export type BridgeHeard = { readonly type: 'bridge.changed'; readonly sequence: number }

export type OpenedHeard = {
  readonly type: 'stream.opened'
  readonly sequence: number
  readonly missed: boolean
}

export type Heard = SessionHeard | ImageHeard | RestartHeard | BridgeHeard | OpenedHeard

export function isOfImage(heard: Heard): heard is ImageHeard | RestartHeard {
  return heard.type === 'image.changed' || heard.type === 'image.restarted'
}

export function isOfSession(heard: Heard): heard is SessionHeard {
  return heard.type.startsWith('session.')
}

type Members = Readonly<Record<string, unknown>>

/** One message of a socket; undefined for what the page does not know. */
export function readHeard(text: string): Heard | undefined {
  const message = membersOf(parseJson(text))
  const data = membersOf(message.data)
  const { type, sequence } = message
  if (typeof type !== 'string' || typeof sequence !== 'number') return undefined
  if (type === 'stream.opened') return { type, sequence, missed: data.missed === true }
  if (type === 'bridge.changed') return { type, sequence }
  const at = Date.parse(String(message.time))
  const image_id = String(data.image_id ?? '')
  const image_status = String(data.image_status)
  if (type === 'image.changed') return { type, sequence, at, image_id, image_status }
  if (type === 'image.restarted') {
    return { type, sequence, at, image_id, image_status, epoch: String(data.epoch) }
  }
  if (!type.startsWith('session.') || typeof data.session_id !== 'string') return undefined
  return {
    type: type as EventType,
    sequence,
    at,
    session_id: data.session_id,
    client_id: String(data.client_id),
    status: data.status as SessionHeard['status'],
    revision: Number(data.revision),
    state_bytes: Number(data.state_bytes),
    expires_at: Date.parse(String(data.expires_at)),
    image_id,
  }
}

/** True if a socket that was closed with this code may be opened again; as the protocol's own rule. */
export function mayOpenAgain(code: number): boolean {
  return code < 4100 || code > 4199
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {}
}
