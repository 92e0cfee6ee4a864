// An image as the wire tells it: both names of its address and of its metadata, no null, every time a time (conflict C-12).

import { isoTime } from '../clock.ts'
import type { ImageRecord, KnownImage } from './record.ts'
import { statusOf } from './status.ts'
import { imageUid } from './uid.ts'

/** The fields of get_image_connection_status, of report_image_status and of each image in a list. */
export function toldImage(image: KnownImage, now: number) {
  return {
    image_id: image.image_id,
    image_uid: imageUid(image),
    ...statusOf(image, now),
    image_address: image.image_address,
    address: image.image_address,
    connection_address: image.image_address,
    image_name: image.image_name,
    image_version: image.image_version,
    image_metadata: { ...image.image_metadata },
    metadata: { ...image.image_metadata },
    ...(image.round_trip_ms !== null && { round_trip_ms: image.round_trip_ms }),
    epoch: image.epoch,
    last_seen: isoTime(image.last_seen),
    last_activity: isoTime(image.last_activity),
    session_count: image.session_count,
  }
}

/** Whose bridges say how an image is, to whoever owns a session on it. */
export function seenBy(
  image: Pick<ImageRecord, 'seen_by'> | undefined,
  owner: string | undefined
): 'owner' | 'others' | 'nobody' {
  if (image?.seen_by === undefined) return 'nobody'
  return image.seen_by === owner ? 'owner' : 'others'
}
