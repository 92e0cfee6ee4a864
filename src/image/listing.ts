// What a list of sessions by image asks of the images: which of them it leaves out, which are orphaned, and how they are told.
// The same for a client's own sessions and for a whole team's.

import { type KnownImage, unreported } from './record.ts'
import { isDisconnected, isOrphaned } from './status.ts'
import { toldImage } from './told.ts'
import { imageUid } from './uid.ts'

/** How a request names every image. */
export const ALL_IMAGES = '*'

/** The image that a request is about; undefined for all. */
export function oneImage(image_id: string | undefined): string | undefined {
  return image_id === ALL_IMAGES ? undefined : image_id
}

export type ImageChoice = {
  readonly include_orphaned?: boolean | undefined
  readonly include_disconnected?: boolean | undefined
}

/** Which sessions a list has: the active and expired ones, the closed ones, or all of these. */
export type Include = 'open' | 'closed' | 'all'

export type SortedOut = {
  readonly orphaned: readonly string[]
  readonly left_out: readonly string[]
}

/** Ids of images whose sessions a list leaves out, and of those whose sessions are orphaned. */
export function sortedOut(
  images: readonly KnownImage[],
  choice: ImageChoice,
  now: number
): SortedOut {
  const { include_orphaned = true, include_disconnected = true } = choice
  const orphaned = images.filter((image) => isOrphaned(image, now))
  const disconnected = images.filter((image) => isDisconnected(image, now))
  return {
    orphaned: idsOf(orphaned),
    left_out: [
      ...(include_orphaned ? [] : idsOf(orphaned)),
      ...(include_disconnected ? [] : idsOf(disconnected)),
    ],
  }
}

/** What the sessions that are asked about say of one image. */
export type ImageUse = {
  readonly image_id: string
  /** As the session that was used last names it. */
  readonly image_address: string
  readonly image_name: string
  readonly image_version: string
  readonly active: number
  readonly expired: number
  readonly closed: number
  /** The active session that was used last; empty if there is none. */
  readonly current_session_id: string
  readonly last_activity: number
  readonly first_created: number
}

/** How many sessions a list has on all its pages, and how many of them are orphaned, which closed ones are not. */
export function countsOf(
  uses: readonly ImageUse[],
  { orphaned, left_out, include }: SortedOut & { readonly include: Include }
) {
  const listed = uses.filter(({ image_id }) => !left_out.includes(image_id))
  const open = (of: readonly ImageUse[]) =>
    include === 'closed' ? 0 : of.reduce((sum, { active, expired }) => sum + active + expired, 0)
  const closed = include === 'open' ? 0 : listed.reduce((sum, its) => sum + its.closed, 0)
  return {
    total_count: open(listed) + closed,
    orphaned_count: open(listed.filter(({ image_id }) => orphaned.includes(image_id))),
  }
}

/** The images of a list: those that were told, and those that only sessions name. Left-out ones are not told. */
export function toldImages(
  images: readonly KnownImage[],
  uses: readonly ImageUse[],
  { left_out, now }: { readonly left_out: readonly string[]; readonly now: number }
) {
  const used = new Map(uses.map((use) => [use.image_id, use]))
  const known = new Set(idsOf(images))
  const others = uses
    .filter(({ image_id, active, expired }) => image_id !== '' && active + expired > 0)
    .filter(({ image_id }) => !known.has(image_id))
    .map((use) => namedBySessions(use))
  return [...images, ...others]
    .filter(({ image_id }) => !left_out.includes(image_id))
    .map((image) => withUse(image, used.get(image.image_id)))
    .map(({ current_session_id, ...image }) => ({ ...toldImage(image, now), current_session_id }))
}

/** An image that nobody has reported, as its sessions have it. */
export function namedBySessions(use: ImageUse): KnownImage {
  return {
    ...unreported(use.image_id, use.first_created),
    image_address: use.image_address,
    image_name: use.image_name,
    image_version: use.image_version,
    session_count: use.active,
    last_activity: use.last_activity,
  }
}

/** The same name of an image wherever its sessions are listed. */
export function uidOf(image: KnownImage | undefined, use: ImageUse): string {
  return imageUid(withUse(image ?? namedBySessions(use), use))
}

/** Own sessions count at once, as the directory may hear of them a moment later; and they name what no bridge names. */
function withUse(image: KnownImage, use: ImageUse | undefined) {
  return {
    ...image,
    image_address: image.image_address || (use?.image_address ?? ''),
    image_name: image.image_name || (use?.image_name ?? ''),
    image_version: image.image_version || (use?.image_version ?? ''),
    session_count: Math.max(image.session_count, use?.active ?? 0),
    last_activity: Math.max(image.last_activity, use?.last_activity ?? 0),
    current_session_id: use?.current_session_id ?? '',
  }
}

function idsOf(images: readonly KnownImage[]): string[] {
  return images.map(({ image_id }) => image_id)
}
