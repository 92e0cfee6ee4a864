// create_session (seeds 000, 001 and 002 in one superset).

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'

export const createSession = command({
  name: 'create_session',
  scope: 'client',
  mutates: true,
  images: 'start',
  makes_session: true,
  strangers: 'refused',
  audit: 'session_created',
  offline: 'work',
  summary: 'Creates a session for a client.',
  parameters: z.object({
    client_id: fields.clientId,
    client_info: fields.clientInfo.optional(),
    name: fields.name.optional(),
    timeout: fields.timeout.optional(),
    session_id: fields.sessionId
      .describe('An id that was minted for this client while it was offline.')
      .optional(),
    ...fields.imageParameters,
    ...fields.componentParameters,
  }),
  result: z.object({
    ...fields.sessionResult,
    expires_at: fields.expiresAt,
    time_until_expiry: fields.timeUntilExpiry,
    capabilities: fields.capabilities,
    client_isolation: z.literal('enabled').describe('No client sees the sessions of another.'),
    max_concurrent_clients: z.int().min(1).describe('A guaranteed floor, not a cap.'),
    revision: fields.revision,
    name: fields.nameResult,
    inherited: z
      .array(z.string())
      .describe(
        "Components that it begins with although none were sent: `user_preferences` of the client's session that was changed last."
      ),
    ...fields.imageResult,
  }),
  failures: [
    'invalid_client_id',
    'client_not_allowed',
    'session_limit_exceeded',
    'session_too_large',
    'storage_limit_exceeded',
    'idempotency_conflict',
  ],
  example: {
    parameters: {
      client_id: 'client_001',
      client_info: {
        platform: 'macos',
        version: '1.0.0',
        capabilities: ['session_persistence', 'context_restoration'],
      },
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      created_at: '2025-08-30T10:30:00.000Z',
      last_modified: '2025-08-30T10:30:00.000Z',
      timeout: 3600,
      is_active: true,
      expires_at: '2025-08-30T11:30:00.000Z',
      time_until_expiry: 3600,
      capabilities: [
        'context_preservation',
        'object_registry',
        'session_persistence',
        'context_restoration',
      ],
      client_isolation: 'enabled',
      max_concurrent_clients: 5,
      revision: 1,
      name: '',
      inherited: [],
      image_id: '',
      image_address: '',
      image_name: '',
      image_version: '',
      image_metadata: {},
    },
  },
})
