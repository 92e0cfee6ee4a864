// What subscribers hear of the bridge itself: the part of its log that a TUI can show. Hints, too: no ids, no addresses.

import { isoTime } from '../../src/clock.ts'
import type { BridgeEvent } from '../events.ts'

export type Announcement = {
  readonly type: string
  readonly data: Readonly<Record<string, string | number>>
}

/** Undefined for what is of no use to a subscriber. */
export function announcementOf(event: BridgeEvent): Announcement | undefined {
  switch (event.event) {
    case 'uplink_down':
      return { type: 'link.down', data: {} }
    case 'uplink_up':
      return { type: 'link.up', data: { away_ms: event.away_ms } }
    case 'replaying': {
      const { event: _, ...data } = event
      return { type: 'replay.progress', data }
    }
    case 'caught_up': {
      const { event: _, ...data } = event
      return { type: 'replay.done', data }
    }
    case 'conflict_kept':
      return { type: 'conflict.kept', data: { command: event.command } }
    case 'delivery_refused':
      return { type: 'delivery.refused', data: { command: event.command, outcome: event.outcome } }
    case 'image_up':
      return { type: 'image.up', data: { image: event.image } }
    case 'image_restarted':
      return { type: 'image.restarted', data: { image: event.image } }
    case 'image_down':
      return { type: 'image.down', data: { image: event.image } }
    case 'token_refused':
      return { type: 'token.refused', data: { reason: event.reason } }
    default:
      return undefined
  }
}

/** An announcement as subscribers get it; sequences count from the bridge's start. */
export function announcementText(
  { type, data }: Announcement,
  { sequence, startedAt, now }: { sequence: number; startedAt: number; now: number }
): string {
  return JSON.stringify({
    specversion: '1.0',
    id: `${startedAt}-${sequence}`,
    source: '/bridge',
    type,
    time: isoTime(now),
    sequence,
    data,
  })
}
