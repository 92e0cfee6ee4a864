// get_image_connection_status (upstream's multi-image documents): an image as the team's directory has it.

import * as z from 'zod'
import { command } from '../command.ts'
import { EXAMPLE_IMAGE, imageId, imageStatus } from '../image-fields.ts'

export const getImageConnectionStatus = command({
  name: 'get_image_connection_status',
  scope: 'team',
  mutates: false,
  summary:
    'Tells whether an image is there, and how well it answers, as the bridges of the caller see it, else those of others. An image that nobody knows is no error: its status is Unknown.',
  parameters: z.object({ image_id: imageId.min(1).describe('Identifies the Smalltalk image.') }),
  result: z.object(imageStatus),
  failures: [],
  example: { parameters: { image_id: 'pharo-12' }, result: EXAMPLE_IMAGE },
})
