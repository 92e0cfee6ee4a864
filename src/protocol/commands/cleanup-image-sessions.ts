// cleanup_image_sessions (seed 003): closes sessions that nobody will miss. Soft: each can be revived.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import * as image from '../image-fields.ts'
import { MAX_CLEANED, MAX_CLIENTS_CLEANED } from '../limits.ts'
import { listExample } from './list-client-sessions.ts'

const flag = (description: string) => z.boolean().describe(description).optional()

export const cleanupImageSessions = command({
  name: 'cleanup_image_sessions',
  scope: 'client_or_each',
  mutates: true,
  admins: true,
  images: 'status',
  strangers: 'nothing',
  audit: 'image_cleaned',
  summary:
    'Closes the orphaned and the expired sessions of an image, active ones only on request. All can be revived.',
  parameters: image.needsClient(
    z.object({
      image_id: image.imageId.refine((id) => id !== '*', 'one image; * is not taken here'),
      client_id: fields.clientId.optional(),
      cleanup_orphaned: flag(
        'Close sessions whose image is orphaned, as list_image_sessions of the same scope says; true if absent.'
      ),
      cleanup_expired: flag('Close sessions whose lease ended; true if absent.'),
      max_age_hours: z
        .number()
        .min(0)
        .describe('Only sessions that were not used for longer than this.')
        .optional(),
      force: flag('Whatever max_age_hours says; with preserve_active:false active ones, too.'),
      preserve_active: flag(
        'false closes active sessions, too: idle for longer than max_age_hours, or all with force. true if absent; it keeps an orphaned one only if that is active and was used after its image was last seen.'
      ),
      dry_run: flag('Only tell what would be closed.'),
      scope: image.listScope.optional(),
      cursor: image.teamCursor.optional(),
    })
  ),
  result: z.object({
    image_id: image.imageId,
    sessions_cleaned: z
      .int()
      .min(0)
      .describe(`Sessions that were closed; ${MAX_CLEANED} of a client at most.`),
    sessions_remaining: z
      .int()
      .min(0)
      .describe(
        'Active and expired sessions of the image that are left; preserved ones among them.'
      ),
    cleanup_details: z
      .record(z.string(), z.enum(['orphaned', 'expired', 'idle', 'forced']))
      .describe('Why each session was closed.'),
    dry_run: z.boolean().describe('Nothing was closed: this is what would be.'),
    restorable_until: fields.restorableUntil.describe(
      'Until when the closed sessions can be revived.'
    ),
    missed_clients: z
      .array(fields.clientId)
      .max(MAX_CLIENTS_CLEANED)
      .describe(
        `With scope team: clients whose sessions could not be looked at, ${MAX_CLIENTS_CLEANED} at most; absent if there is none. Sent again with the same cursor, the command visits them again.`
      )
      .optional(),
    next_cursor: z
      .string()
      .describe(
        'With scope team: sent as cursor it cleans up for further clients; empty on the last.'
      ),
  }),
  failures: ['invalid_client_id', 'client_not_allowed', 'forbidden', 'idempotency_conflict'],
  example: {
    parameters: {
      image_id: 'pharo-12',
      client_id: 'client_001',
      preserve_active: false,
      force: true,
    },
    result: {
      image_id: 'pharo-12',
      sessions_cleaned: 1,
      sessions_remaining: 0,
      cleanup_details: { [listExample.session_id]: 'forced' },
      dry_run: false,
      restorable_until: '2025-09-29T10:50:00.000Z',
      next_cursor: '',
    },
  },
})
