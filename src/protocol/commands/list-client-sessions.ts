// list_client_sessions (seed 000). A client that nobody knows has no sessions: that is no error.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import { imageUid, orphaned } from '../image-fields.ts'
import { DEFAULT_PAGE, MAX_ID_LENGTH, MAX_PAGE } from '../limits.ts'

/** A session as every list tells it. */
export const listedSession = {
  session_id: fields.sessionId,
  created_at: fields.createdAt,
  last_modified: fields.lastModified,
  timeout: fields.timeout,
  is_active: fields.isActive,
  time_until_expiry: fields.timeUntilExpiry,
  is_expired: fields.isExpired,
  is_closed: fields.isClosed,
  status: fields.status,
  name: fields.nameResult,
  revision: fields.revision,
  state_bytes: fields.bytes,
  ...fields.imageResult,
  orphaned,
}

/** The session of the examples, as a list tells it. */
export const listExample = {
  session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
  created_at: '2025-08-30T10:30:00.000Z',
  last_modified: '2025-08-30T10:45:00.000Z',
  timeout: 3600,
  is_active: true,
  time_until_expiry: 3300,
  is_expired: false,
  is_closed: false,
  status: 'active',
  name: '',
  revision: 3,
  state_bytes: 216,
  image_id: '',
  image_address: '',
  image_name: '',
  image_version: '',
  image_metadata: {},
  orphaned: false,
} as const

export const listClientSessions = command({
  name: 'list_client_sessions',
  scope: 'client',
  mutates: false,
  images: 'status',
  strangers: 'nothing',
  offline: 'state',
  summary: 'Lists the sessions of a client, the one used last first.',
  parameters: z.object({
    client_id: fields.clientId,
    include: z
      .enum(['active', 'all'])
      .describe('active if absent; all adds closed and expired sessions.')
      .optional(),
    image_id: fields.imageParameters.image_id.describe('Only sessions of this image.'),
    limit: z
      .int()
      .min(1)
      .max(MAX_PAGE)
      .describe(`Sessions of one page; ${DEFAULT_PAGE} if absent.`)
      .optional(),
    cursor: z.string().max(MAX_ID_LENGTH).describe('next_cursor of the page before.').optional(),
  }),
  result: z.object({
    client_id: fields.clientId,
    session_count: z.int().min(0).describe('Sessions of all pages.'),
    sessions: z.array(z.object(listedSession)).describe('One page, the session used last first.'),
    images: z
      .array(
        z.object({
          image_id: z.string().describe('Empty: the sessions without an image.'),
          image_uid: imageUid,
          session_count: z.int().min(1).describe('Sessions of all pages that work on it.'),
          current_session_id: z
            .string()
            .describe('Its active session that was used last, or empty: what to restore.'),
        })
      )
      .describe('The sessions of all pages by image, the image used last first.'),
    next_cursor: z
      .string()
      .describe('Sent as cursor it gives the next page; empty on the last one.'),
  }),
  failures: ['invalid_client_id', 'client_not_allowed'],
  example: {
    parameters: { client_id: 'client_001' },
    result: {
      client_id: 'client_001',
      session_count: 1,
      sessions: [listExample],
      images: [
        {
          image_id: '',
          image_uid: '',
          session_count: 1,
          current_session_id: listExample.session_id,
        },
      ],
      next_cursor: '',
    },
  },
})
