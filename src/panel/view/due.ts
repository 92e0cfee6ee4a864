// When images have to be looked at again although nobody has said anything: silence is what makes an image disconnected,
// and time alone makes it orphaned, and neither is an event to those who hear only of sessions.

import {
  IMAGE_DISCONNECTED_AFTER_MS,
  IMAGE_HEARTBEAT_MS,
  IMAGE_ORPHANED_AFTER_MS,
} from '../../protocol/limits.ts'
import type { Image } from './listed.ts'

/** What is looked at a moment late is settled. */
const MARGIN_MS = 500

/**
 * When the first of these images may have changed without a word; undefined if none can. `isTold` says that reports about
 * images are heard: then only what time does has to be looked for.
 */
export function nextLook(
  images: Iterable<Image>,
  { lookedAt, isTold }: { readonly lookedAt: number; readonly isTold: boolean }
): number | undefined {
  let next: number | undefined
  for (const image of images) {
    const changes = changesAt(image, lookedAt) ?? (isTold ? undefined : inAWhile(lookedAt))
    if (changes === undefined) continue
    const at = Math.max(changes, lookedAt + IMAGE_HEARTBEAT_MS)
    next = Math.min(next ?? at, at)
  }
  return next === undefined ? undefined : next + MARGIN_MS
}

function changesAt(image: Image, lookedAt: number): number | undefined {
  const seen = Date.parse(image.last_seen)
  switch (image.image_status) {
    case 'Connected':
      return image.connection_status === 'Reconnecting'
        ? seen + IMAGE_DISCONNECTED_AFTER_MS
        : inAWhile(lookedAt)
    case 'Disconnected':
      return seen + IMAGE_ORPHANED_AFTER_MS
    case 'Orphaned':
    case 'Unknown':
      return undefined
    default:
      return image.image_status satisfies never
  }
}

function inAWhile(lookedAt: number): number {
  return lookedAt + IMAGE_DISCONNECTED_AFTER_MS
}
