// get_session_info (seed 000). Answers for closed and expired sessions too, and changes nothing.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import { orphaned } from '../image-fields.ts'
import { usage } from '../usage-fields.ts'

export const getSessionInfo = command({
  name: 'get_session_info',
  scope: 'client',
  mutates: false,
  images: 'status',
  offline: 'origins',
  summary: 'Tells everything about a session but its state.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
    state: z
      .boolean()
      .describe('Tell the components too, as restore_session does; the lease stays as it is.')
      .optional(),
  }),
  result: z.object({
    ...fields.sessionResult,
    time_until_expiry: fields.timeUntilExpiry,
    is_expired: fields.isExpired,
    name: fields.nameResult,
    status: fields.status,
    expires_at: fields.expiresAt,
    restorable_until: fields.restorableUntil,
    revision: fields.revision,
    state_bytes: fields.bytes.describe('Bytes of all components together.'),
    stored_bytes: fields.bytes.describe('Bytes with the history that is kept.'),
    components: z
      .record(
        z.string(),
        z.object({
          bytes: fields.bytes,
          sha256: z.string().length(64).describe('Of the text in UTF-8, hexadecimal.'),
          revision: fields.revision.describe('The revision that brought this text.'),
        })
      )
      .describe('The components that are set, by name.'),
    client_info: z
      .record(z.string(), z.unknown())
      .describe('As create_session got it; a `subscription_tier` in it is told as `claimed_tier`.'),
    ...fields.imageResult,
    orphaned,
    usage: usage.optional(),
    object_registry_stale: fields.objectRegistryStale.optional(),
    inspector_state_stale: fields.inspectorStateStale.optional(),
    ...fields.shownState,
  }),
  failures: ['invalid_client_id', 'client_not_allowed', 'session_not_found', 'session_corrupted'],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      created_at: '2025-08-30T10:30:00.000Z',
      last_modified: '2025-08-30T10:45:00.000Z',
      timeout: 3600,
      is_active: true,
      time_until_expiry: 3300,
      is_expired: false,
      name: '',
      status: 'active',
      expires_at: '2025-08-30T11:45:00.000Z',
      restorable_until: '2025-09-29T10:45:00.000Z',
      revision: 3,
      state_bytes: 216,
      stored_bytes: 275,
      components: {
        session_state: {
          bytes: 119,
          sha256: 'c9c983a83e10bc8d7a747281e14757e7914c5c74121329da4607f4bbcbc73d05',
          revision: 3,
        },
        workspace_context: {
          bytes: 36,
          sha256: 'd23d11000695dbfbfb42d62eb34c0cbb4064aa79ef90c8ec3364723c0928385d',
          revision: 2,
        },
        inspector_state: {
          bytes: 29,
          sha256: '97b804d9d99be7bdd7287f72efd6d5717bd25a97e8b6cb1d3d77d5076f059862',
          revision: 2,
        },
        object_registry: {
          bytes: 32,
          sha256: 'e995b5a84c9c3fb034b055f8d9fe505301f1616b976e027f8c9ba941bfa15e54',
          revision: 2,
        },
      },
      client_info: {
        platform: 'macos',
        version: '1.0.0',
        capabilities: ['session_persistence', 'context_restoration'],
      },
      image_id: '',
      image_address: '',
      image_name: '',
      image_version: '',
      image_metadata: {},
      orphaned: false,
      usage: {
        updates: 2,
        restores: 1,
        bytes_written: 275,
        last_command: 'update_session_state',
        active_seconds: 900,
      },
    },
  },
})
