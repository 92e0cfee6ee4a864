// What the engine on this machine is told of images: what the bridge itself sees of them.

import type { KnownImage, WantedImages } from '../../src/image/record.ts'
import { findCommand } from '../../src/protocol/registry.ts'
import type { Replica } from './replica.ts'

/**
 * The images that an answer needs, or nothing if one of them is not known here. How they are is told only while all are
 * there: for how long one was away, and whether its sessions are orphaned, the directory of the team alone can say.
 */
export function knownImages(
  { imagesHere }: Pick<Replica, 'imagesHere'>,
  command: string,
  wanted: WantedImages
): readonly KnownImage[] | undefined {
  const images = imagesHere(wanted)
  const tellsHow = findCommand(command)?.images === 'status'
  const isAway = images?.some(({ reported_status }) => reported_status !== 'Connected') ?? true
  return tellsHow && isAway ? undefined : images
}
