// list_image_sessions (seed 003): sessions by image, of a client or, for admins, of the team.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import * as image from '../image-fields.ts'
import { DEFAULT_PAGE, MAX_IMAGES_TOLD, MAX_PAGE } from '../limits.ts'
import { listExample, listedSession } from './list-client-sessions.ts'

export const listImageSessions = command({
  name: 'list_image_sessions',
  scope: 'client_or_team',
  mutates: false,
  admins: true,
  images: 'all',
  strangers: 'nothing',
  offline: 'state',
  summary:
    "Lists the active and expired sessions of an image, the one used last first, and the team's images.",
  parameters: image.needsClient(
    z.object({
      image_id: image.imageIdOrAll.optional(),
      client_id: fields.clientId.optional(),
      include_orphaned: z
        .boolean()
        .describe('false leaves out sessions whose image is orphaned; true if absent.')
        .optional(),
      include_disconnected: z
        .boolean()
        .describe('false leaves out sessions whose image is disconnected; true if absent.')
        .optional(),
      include: z
        .enum(['open', 'closed', 'all'])
        .describe(
          'open if absent: active and expired sessions. closed: those that can be revived; all: all of these.'
        )
        .optional(),
      scope: image.listScope.optional(),
      limit: z
        .int()
        .min(1)
        .max(MAX_PAGE)
        .describe(`Sessions of one page; ${DEFAULT_PAGE} if absent.`)
        .optional(),
      cursor: image.teamCursor.optional(),
    })
  ),
  result: z.object({
    image_id: image.imageIdOrAll,
    sessions: z
      .array(
        z.object({
          ...listedSession,
          client_id: fields.clientId,
          connection_status: image.connectionStatus.describe('Of its image.'),
          seen_by: image.seenBy,
          is_own: z
            .boolean()
            .describe(
              'True for its owner; who is not may be its admin. Absent while it is not known.'
            )
            .optional(),
        })
      )
      .describe('One page, the session used last first.'),
    total_count: z.int().min(0).describe('Sessions of all pages.'),
    orphaned_count: z.int().min(0).describe('Orphaned ones among the sessions of all pages.'),
    images: z
      .array(
        z.object({
          ...image.imageStatus,
          current_session_id: z
            .string()
            .describe('The active session among those asked for that was used last, or empty.'),
        })
      )
      .describe(
        `The image, or with * those of the sessions and others of the team, ${MAX_IMAGES_TOLD} at most beside them.`
      ),
    next_cursor: image.nextCursor,
  }),
  failures: ['invalid_client_id', 'client_not_allowed', 'forbidden'],
  example: {
    parameters: { image_id: 'pharo-12', client_id: 'client_001' },
    result: {
      image_id: 'pharo-12',
      sessions: [
        {
          ...listExample,
          image_id: 'pharo-12',
          image_address: 'localhost:5555',
          image_name: 'Pharo 12',
          image_version: '12.0',
          client_id: 'client_001',
          connection_status: 'Connected',
          seen_by: 'owner',
          is_own: true,
        },
      ],
      total_count: 1,
      orphaned_count: 0,
      images: [{ ...image.EXAMPLE_IMAGE, current_session_id: listExample.session_id }],
      next_cursor: '',
    },
  },
})
