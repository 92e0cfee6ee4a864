// What the bridge itself knows of the images behind it, as the directory of the team would tell it: while the service is
// away, nobody else knows which start of an image this is.

import type { Clock } from '../../src/clock.ts'
import { type KnownImage, unreported, type WantedImages } from '../../src/image/record.ts'
import type { Image } from './image.ts'

/** The images that are wanted; undefined if there is one whose start is not known here. */
export type ImagesHere = (
  wanted: Pick<WantedImages, 'ids' | 'others'>
) => readonly KnownImage[] | undefined

/** @example imagesHere(images.all, systemClock)({ ids: ['pharo-12'], others: 0 }) */
export function imagesHere(
  all: () => readonly Pick<Image, 'name' | 'health'>[],
  clock: Clock
): ImagesHere {
  return ({ ids, others }) => {
    if (others > 0) return undefined
    const images = all()
    const known = ids.flatMap((id) => {
      const health = images.find(({ name }) => name === id)?.health()
      if (health?.epoch === undefined) return []
      const { status: reported_status, epoch } = health
      // Since when it is away is for the directory to say: nothing is orphaned by this.
      return [{ ...unreported(id, clock.now()), reported_status, epoch, is_hearsay: true }]
    })
    return known.length === ids.length ? known : undefined
  }
}
