// Whether an image is there, derived from what was reported and from the time since: never stored.
// `status` is typed by two different enums in STUI's own documents, so it only says what both know (conflict C-12).

import {
  IMAGE_CRITICAL_ROUND_TRIP_MS,
  IMAGE_DISCONNECTED_AFTER_MS,
  IMAGE_HEARTBEAT_MS,
  IMAGE_MISSED_REPORTS,
  IMAGE_ORPHANED_AFTER_MS,
  IMAGE_SLOW_ROUND_TRIP_MS,
} from '../protocol/limits.ts'
import type { ImageRecord } from './record.ts'

export type ImageStatus = {
  readonly status: 'Connected' | 'Disconnected' | 'Unknown'
  readonly image_status: 'Connected' | 'Disconnected' | 'Orphaned' | 'Unknown'
  readonly connection_status: 'Connected' | 'Disconnected' | 'Reconnecting' | 'Failed' | 'Unknown'
  readonly connection_health: 'Healthy' | 'Warning' | 'Critical' | 'Unknown'
}

/** The status of an image that nobody has reported. */
const UNKNOWN: ImageStatus = {
  status: 'Unknown',
  image_status: 'Unknown',
  connection_status: 'Unknown',
  connection_health: 'Unknown',
}

/** How an image is at this moment. */
export function statusOf(image: ImageRecord | undefined, now: number): ImageStatus {
  if (image === undefined || image.reported_status === 'Unknown') return UNKNOWN
  if (!isConnected(image, now)) {
    return {
      status: 'Disconnected',
      image_status: isOrphaned(image, now) ? 'Orphaned' : 'Disconnected',
      connection_status: image.reported_status === 'Failed' ? 'Failed' : 'Disconnected',
      connection_health: 'Critical',
    }
  }
  const isLate = now - image.last_report > IMAGE_MISSED_REPORTS * IMAGE_HEARTBEAT_MS
  return {
    status: 'Connected',
    image_status: 'Connected',
    connection_status: isLate ? 'Reconnecting' : 'Connected',
    connection_health: isLate ? 'Warning' : healthOf(image),
  }
}

/** True for an image that was reported connected, and not too long ago. */
export function isConnected({ reported_status, last_report }: ImageRecord, now: number): boolean {
  return reported_status === 'Connected' && now - last_report < IMAGE_DISCONNECTED_AFTER_MS
}

/** True once nobody has seen the image connected for the grace time: its sessions are orphaned. */
export function isOrphaned(image: ImageRecord | undefined, now: number): boolean {
  if (image === undefined || image.reported_status === 'Unknown') return false
  if (image.is_hearsay === true) return false
  return now - lastConnected(image) >= IMAGE_ORPHANED_AFTER_MS
}

/** When its status becomes another one by time alone, if nobody reports it until then; undefined if it never does. */
export function nextChangeAt(image: ImageRecord, now: number): number | undefined {
  if (isConnected(image, now)) {
    const late = image.last_report + IMAGE_MISSED_REPORTS * IMAGE_HEARTBEAT_MS + 1
    return late > now ? late : image.last_report + IMAGE_DISCONNECTED_AFTER_MS
  }
  if (image.reported_status === 'Unknown' || image.is_hearsay === true) return undefined
  return isOrphaned(image, now) ? undefined : lastConnected(image) + IMAGE_ORPHANED_AFTER_MS
}

/** True for a disconnected image, orphaned or not. */
export function isDisconnected(image: ImageRecord | undefined, now: number): boolean {
  return statusOf(image, now).status === 'Disconnected'
}

/** When the image was, or may have been, connected last. */
function lastConnected({ reported_status, last_report, last_seen }: ImageRecord): number {
  return reported_status === 'Connected' ? Math.max(last_report, last_seen) : last_seen
}

function healthOf({ round_trip_ms }: ImageRecord): ImageStatus['connection_health'] {
  if (round_trip_ms === null) return 'Unknown'
  if (round_trip_ms > IMAGE_CRITICAL_ROUND_TRIP_MS) return 'Critical'
  return round_trip_ms > IMAGE_SLOW_ROUND_TRIP_MS ? 'Warning' : 'Healthy'
}
