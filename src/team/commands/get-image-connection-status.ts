// get_image_connection_status: an image as the caller is told it. One that nobody knows is told as such.

import { toldImage } from '../../image/told.ts'
import { succeed } from '../../outcome.ts'
import { viewerOf } from '../admins-only.ts'
import type { TeamHandler } from '../context.ts'

export const getImageConnectionStatus: TeamHandler<'get_image_connection_status'> = (
  { image_id },
  { images, caller, now }
) => succeed(toldImage(images.one(image_id, now, viewerOf(caller)), now))
