// get_image_connection_status: an image as the team knows it. One that nobody knows is told as such.

import { toldImage } from '../../image/told.ts'
import { succeed } from '../../outcome.ts'
import type { TeamHandler } from '../context.ts'

export const getImageConnectionStatus: TeamHandler<'get_image_connection_status'> = (
  { image_id },
  { images, now }
) => succeed(toldImage(images.one(image_id, now), now))
