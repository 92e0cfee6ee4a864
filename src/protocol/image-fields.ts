// The fields of commands about images, each described once. Both upstream documents can decode what is told of an image:
// two names for its address and its metadata, a `status` that both know, and no null (conflict C-12).

import * as z from 'zod'
import { mustHave } from './command.ts'
import * as fields from './fields.ts'
import { MAX_CURSOR_LENGTH } from './limits.ts'

export const imageId = fields.imageParameters.image_id
  .unwrap()
  .describe('Identifies the Smalltalk image; empty for sessions that have none.')

export const imageIdOrAll = fields.imageParameters.image_id
  .unwrap()
  .describe('Identifies the Smalltalk image; * is every image, empty is none.')

export const imageUid = z
  .string()
  .describe(
    'Tells images apart that share an id or a name: from name, version and address together (base32 of SHA-256, 26 characters). Another address makes another one. Empty for no image, and while none of the three is known.'
  )

export const listScope = z
  .enum(['client', 'team'])
  .describe(
    'client if absent: the sessions of client_id. team is for admins: those of all clients.'
  )

export const teamCursor = z
  .string()
  .max(MAX_CURSOR_LENGTH)
  .describe('next_cursor of the answer before.')

export const nextCursor = z
  .string()
  .describe('Sent as cursor it gives the next page; empty on the last one.')

export const connectionStatus = z
  .enum(['Connected', 'Disconnected', 'Reconnecting', 'Failed', 'Unknown'])
  .describe('Like status; adds Reconnecting for late reports and Failed for what a bridge said.')

export const orphaned = z
  .boolean()
  .describe('Its image has been disconnected for longer than the grace time. It stays restorable.')

const cleanedSum = (description: string) => z.int().min(0).describe(description)

/** What cleanups did, as statistics tell it. */
export const cleaned = z
  .object({
    last_at: fields.timestamp
      .describe('When the team heard of a cleanup last; absent if it never did.')
      .optional(),
    expired: cleanedSum('Leases that ended.'),
    deleted: cleanedSum('Sessions that were deleted because their retention had ended.'),
    closed: cleanedSum('Sessions that cleanup_image_sessions has closed.'),
    orphaned: cleanedSum('Of the closed ones: those whose image was orphaned.'),
  })
  .describe('What automatic and manual cleanups did to sessions of the team so far.')

/** Adds the rule that a client is named, but for what is asked about the whole team. */
export function needsClient<Parameters extends z.ZodObject>(parameters: Parameters): Parameters {
  return parameters
    .refine(({ client_id, scope }) => client_id !== undefined || scope === 'team', {
      params: { missing: 'client_id' },
    })
    .meta({
      anyOf: [mustHave({ client_id: {} }), mustHave({ scope: { const: 'team' } })],
    }) as Parameters
}

export const seenBy = z
  .enum(['owner', 'others', 'nobody'])
  .describe(
    "Whose bridges say how its image is: those of the session's owner, those of others, or nobody's. By the word of others a session is orphaned for admins of the team alone."
  )

/** An image as every answer tells it. */
export const imageStatus = {
  image_id: imageId,
  image_uid: imageUid,
  status: z
    .enum(['Connected', 'Disconnected', 'Unknown'])
    .describe('Whether somebody sees the image; Unknown if nobody has reported it.'),
  image_status: z
    .enum(['Connected', 'Disconnected', 'Orphaned', 'Unknown'])
    .describe(
      'Like status; adds Orphaned for an image that is away for longer than the grace time.'
    ),
  connection_status: connectionStatus,
  connection_health: z
    .enum(['Healthy', 'Warning', 'Critical', 'Unknown'])
    .describe('From the round trip that was reported last, and from how late reports are.'),
  image_address: fields.imageResult.image_address,
  address: z.string().describe('The same as image_address.'),
  connection_address: z.string().describe('The same as image_address.'),
  image_name: fields.imageResult.image_name,
  image_version: fields.imageResult.image_version,
  image_metadata: fields.imageResult.image_metadata,
  metadata: z.record(z.string(), z.string()).describe('The same as image_metadata.'),
  round_trip_ms: z
    .number()
    .min(0)
    .describe('As it was reported last; absent if nobody has measured it.')
    .optional(),
  epoch: z.string().describe('Another one means that the image was started anew, or empty.'),
  last_seen: fields.timestamp.describe(
    'When somebody last saw it connected; for an image that nobody reported, when its first session began, or now.'
  ),
  last_activity: fields.timestamp.describe(
    'When the last of its sessions was used; last_seen if it has none.'
  ),
  session_count: z.int().min(0).describe("The team's active sessions that work on it."),
}

/** The image of the examples, as it is told. */
export const EXAMPLE_IMAGE = {
  image_id: 'pharo-12',
  image_uid: 'ayjz7wavibjhhivluonolpl7rw',
  status: 'Connected',
  image_status: 'Connected',
  connection_status: 'Connected',
  connection_health: 'Healthy',
  image_address: 'localhost:5555',
  address: 'localhost:5555',
  connection_address: 'localhost:5555',
  image_name: 'Pharo 12',
  image_version: '12.0',
  image_metadata: { dialect: 'Pharo' },
  metadata: { dialect: 'Pharo' },
  round_trip_ms: 4,
  epoch: '2025-08-30T08:12:04Z',
  last_seen: '2025-08-30T10:49:58.000Z',
  last_activity: '2025-08-30T10:45:00.000Z',
  session_count: 1,
} as const
