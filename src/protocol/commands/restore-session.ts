// restore_session (seeds 000, 001 and 002).

import * as z from 'zod'
import { command, mustHave } from '../command.ts'
import { ACTIVE_SESSION_FAILURES } from '../failures.ts'
import * as fields from '../fields.ts'

export const restoreSession = command({
  name: 'restore_session',
  scope: 'client',
  mutates: true,
  images: 'registry',
  looks: true,
  audit: '',
  offline: 'state',
  summary: 'Gives the whole state of a session and renews its lease.',
  parameters: z
    .object({
      session_id: fields.sessionId.optional(),
      client_id: fields.clientId.optional(),
      latest: z
        .boolean()
        .describe('Restore the session of client_id that was used last, instead of naming one.')
        .optional(),
      image_id: fields.imageParameters.image_id.describe('With latest: only of this image.'),
      revive: z.boolean().describe('Make a closed or expired session active again.').optional(),
      revision: fields.revision
        .describe('Show the state of this revision; the session itself stays as it is.')
        .optional(),
    })
    .refine((given) => given.session_id !== undefined || given.latest === true, {
      params: { missing: 'session_id' },
    })
    .refine((given) => given.session_id !== undefined || given.client_id !== undefined, {
      params: { missing: 'client_id' },
    })
    .meta({
      anyOf: [mustHave({ session_id: {} }), mustHave({ latest: { const: true }, client_id: {} })],
    }),
  result: z.object({
    ...fields.sessionResult,
    ...fields.stateResult,
    client_specific_data: z.literal(true).describe('The state is of this client alone.'),
    name: fields.nameResult,
    revision: fields.revision,
    expires_at: fields.expiresAt,
    ...fields.imageResult,
    ...fields.staleResult,
    recovered_from: fields.recoveredFrom.optional(),
  }),
  failures: [
    ...ACTIVE_SESSION_FAILURES,
    'session_limit_exceeded',
    'session_corrupted',
    'idempotency_conflict',
  ],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      created_at: '2025-08-30T10:30:00.000Z',
      last_modified: '2025-08-30T10:35:00.000Z',
      timeout: 3600,
      is_active: true,
      session_state: { workspace: 'test workspace', inspector: 'test inspector' },
      workspace_context: { variables: ['var1', 'var2', 'var3'] },
      inspector_state: { selected_object: 'obj_123' },
      object_registry: { obj_123: 'Object description' },
      user_preferences: {},
      evaluation_history: [],
      client_specific_data: true,
      name: '',
      revision: 2,
      expires_at: '2025-08-30T11:40:00.000Z',
      image_id: '',
      image_address: '',
      image_name: '',
      image_version: '',
      image_metadata: {},
    },
  },
})
