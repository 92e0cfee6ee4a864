// get_image_session_stats (seed 003): counts and sizes of the sessions of an image.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import * as image from '../image-fields.ts'

const count = (description: string) => z.int().min(0).describe(description)

export const getImageSessionStats = command({
  name: 'get_image_session_stats',
  scope: 'client_or_team',
  mutates: false,
  admins: true,
  images: 'status',
  strangers: 'nothing',
  offline: 'state',
  summary: 'Counts the sessions of an image.',
  parameters: image.needsClient(
    z.object({
      image_id: image.imageIdOrAll,
      client_id: fields.clientId.optional(),
      scope: image.listScope.optional(),
    })
  ),
  result: z.object({
    image_id: image.imageIdOrAll,
    total_sessions: count('Active, expired and closed ones that are kept.'),
    active_sessions: count('Sessions whose lease runs.'),
    orphaned_sessions: count('Active and expired ones whose image is orphaned.'),
    expired_sessions: count('Sessions whose lease ended.'),
    closed_sessions: count('Sessions that were closed.'),
    total_context_size: fields.bytes.describe('Bytes of the components of all of them together.'),
    last_activity: fields.timestamp.describe(
      'When one of them was used last; if there is none, when the image was seen last, or now.'
    ),
    cleaned: image.cleaned.optional(),
  }),
  failures: ['invalid_client_id', 'client_not_allowed', 'forbidden'],
  example: {
    parameters: { image_id: 'pharo-12', client_id: 'client_001' },
    result: {
      image_id: 'pharo-12',
      total_sessions: 1,
      active_sessions: 1,
      orphaned_sessions: 0,
      expired_sessions: 0,
      closed_sessions: 0,
      total_context_size: 216,
      last_activity: '2025-08-30T10:45:00.000Z',
    },
  },
})
