// The images of a team as answers tell them: what bridges report, with what the sessions of the team say.

import { namedBySessions } from '../image/listing.ts'
import {
  type ImageRecord,
  type KnownImage,
  unreported,
  type WantedImages,
} from '../image/record.ts'
import { isOrphaned } from '../image/status.ts'
import type { DirectoryStore } from './directory-store.ts'
import type { ImageRoll } from './image-roll.ts'
import type { ImageTotals } from './storage/session-table.ts'

export type TeamImages = Pick<ImageRoll, 'report'> & {
  /** An image that nobody knows, too. */
  one(image_id: string, now: number): KnownImage
  /** These images, each of them, and others that bridges report, the one reported last first. */
  of(wanted: WantedImages, now: number): readonly KnownImage[]
  /** All that bridges report. */
  reported(uses: readonly ImageTotals[], now: number): readonly KnownImage[]
  /** Ids of the images that are away for longer than the grace time. */
  orphaned(now: number): readonly string[]
}

export function createTeamImages({ sessions }: DirectoryStore, roll: ImageRoll): TeamImages {
  function of({ ids, others }: WantedImages, now: number): readonly KnownImage[] {
    const wanted = new Set(ids)
    const more = others === 0 ? [] : roll.all(now).filter(({ image_id }) => !wanted.has(image_id))
    const told = more.slice(0, others)
    const uses = byId(sessions.byImage([...wanted, ...told.map(({ image_id }) => image_id)]))
    return [
      ...[...wanted].map((id) => known(id, roll.find(id, now), uses.get(id), now)),
      ...told.map((record) => known(record.image_id, record, uses.get(record.image_id), now)),
    ]
  }

  return {
    report: roll.report,
    of,
    one: (image_id, now) =>
      known(image_id, roll.find(image_id, now), sessions.byImage([image_id])[0], now),
    reported: (totals, now) => {
      const uses = byId(totals)
      return roll
        .all(now)
        .map((image) => known(image.image_id, image, uses.get(image.image_id), now))
    },
    orphaned: (now) =>
      roll
        .all(now)
        .filter((image) => isOrphaned(image, now))
        .map(({ image_id }) => image_id),
  }
}

/** What a bridge does not tell of an image, its sessions may. */
function known(
  image_id: string,
  record: ImageRecord | undefined,
  use: ImageTotals | undefined,
  now: number
): KnownImage {
  const named = use === undefined ? unreported(image_id, now) : namedBySessions(use)
  if (record === undefined) return named
  return {
    ...record,
    image_address: record.image_address || named.image_address,
    image_name: record.image_name || named.image_name,
    image_version: record.image_version || named.image_version,
    session_count: named.session_count,
    last_activity: use?.last_activity ?? record.last_seen,
  }
}

function byId(uses: readonly ImageTotals[]): ReadonlyMap<string, ImageTotals> {
  return new Map(uses.map((use) => [use.image_id, use]))
}
