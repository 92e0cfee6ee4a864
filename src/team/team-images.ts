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
import { missingClasses } from './image-classes.ts'
import type { ImageRoll } from './image-roll.ts'
import type { ImageTotals } from './storage/session-table.ts'

export type TeamImages = Pick<ImageRoll, 'report'> & {
  /** An image as it is told to a subject, or the best of all reports if none is named; one that nobody knows, too. */
  one(image_id: string, now: number, viewer?: string): KnownImage
  /** These images, each of them, and others that bridges report, the one reported last first. */
  of(wanted: WantedImages, now: number): readonly KnownImage[]
  /** All that bridges report. */
  reported(uses: readonly ImageTotals[], now: number): readonly KnownImage[]
  /** Ids of the images that are away for longer than the grace time. */
  orphaned(now: number): readonly string[]
}

export function createTeamImages(store: DirectoryStore, roll: ImageRoll): TeamImages {
  const { sessions } = store

  function of({ ids, others, subject, classes }: WantedImages, now: number): readonly KnownImage[] {
    const wanted = new Set(ids)
    const all = others === 0 ? [] : roll.all(now, subject)
    const told = all.filter(({ image_id }) => !wanted.has(image_id)).slice(0, others)
    const uses = byId(sessions.byImage([...wanted, ...told.map(({ image_id }) => image_id)]))
    return [
      ...[...wanted].map((id) => {
        const record = roll.find(id, now, subject)
        const missing_classes = classes && missingClasses(store, record, classes)
        const image = toOne(id, record, uses.get(id), now)
        return missing_classes === undefined ? image : { ...image, missing_classes }
      }),
      ...told.map((record) => toOne(record.image_id, record, uses.get(record.image_id), now)),
    ]
  }

  return {
    report: roll.report,
    of,
    one: (image_id, now, viewer) => {
      const known = viewer === undefined ? toAll : toOne
      return known(image_id, roll.find(image_id, now, viewer), sessions.byImage([image_id])[0], now)
    },
    reported: (totals, now) => {
      const uses = byId(totals)
      return roll
        .all(now)
        .map((image) => toAll(image.image_id, image, uses.get(image.image_id), now))
    },
    orphaned: (now) =>
      roll
        .all(now)
        .filter((image) => isOrphaned(image, now))
        .map(({ image_id }) => image_id),
  }
}

/** As one member is told an image. Sessions of others may count, but name nothing: anybody can name an image anything. */
function toOne(
  image_id: string,
  record: ImageRecord | undefined,
  use: ImageTotals | undefined,
  now: number
): KnownImage {
  const { first_created: at = now, active: session_count = 0 } = use ?? {}
  const image = { ...unreported(image_id, at), ...record }
  return { ...image, session_count, last_activity: use?.last_activity ?? image.last_seen }
}

/** As those are told an image who see all: what a bridge does not tell of it, its sessions may. */
function toAll(
  image_id: string,
  record: ImageRecord | undefined,
  use: ImageTotals | undefined,
  now: number
): KnownImage {
  const image = toOne(image_id, record, use, now)
  if (use === undefined) return image
  const named = namedBySessions(use)
  return {
    ...image,
    image_address: image.image_address || named.image_address,
    image_name: image.image_name || named.image_name,
    image_version: image.image_version || named.image_version,
  }
}

function byId(uses: readonly ImageTotals[]): ReadonlyMap<string, ImageTotals> {
  return new Map(uses.map((use) => [use.image_id, use]))
}
