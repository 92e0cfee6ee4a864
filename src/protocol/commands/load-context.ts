// load_context: the components that an image asks for, as they are stored.

import * as z from 'zod'
import { command } from '../command.ts'
import { componentNames } from '../context-fields.ts'
import * as fields from '../fields.ts'

export const loadContext = command({
  name: 'load_context',
  scope: 'client',
  mutates: true,
  images: 'registry',
  looks: true,
  audit: '',
  summary: 'Gives components of the state of a session, and renews its lease.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
    components: componentNames(
      'The components to give; one that was never set is empty. All that are set if absent.'
    ).optional(),
  }),
  result: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId,
    revision: fields.revision,
    session_state: fields.componentResult('The session state.').optional(),
    workspace_context: fields
      .componentResult('Variables and bindings of the workspace.')
      .optional(),
    inspector_state: fields
      .componentResult('Selection, views and navigation of inspectors.')
      .optional(),
    object_registry: fields.componentResult('Registered objects and their references.').optional(),
    user_preferences: fields.componentResult("The developer's settings.").optional(),
    evaluation_history: fields.componentResult('Recent evaluations and their results.').optional(),
    last_modified: fields.lastModified,
    expires_at: fields.expiresAt,
    ...fields.imageResult,
    ...fields.staleResult,
    recovered_from: fields.recoveredFrom.optional(),
  }),
  failures: [
    'invalid_client_id',
    'client_not_allowed',
    'session_not_found',
    'session_closed',
    'session_expired',
    'session_corrupted',
    'idempotency_conflict',
  ],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      components: ['workspace_context', 'object_registry'],
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      revision: 5,
      workspace_context: { variables: ['var1', 'var2', 'var3'] },
      object_registry: {
        obj_123: { class: 'OrderedCollection', refs: ['obj_124'] },
        obj_124: { class: 'Point', refs: ['obj_123'] },
      },
      last_modified: '2025-08-30T10:52:00.000Z',
      expires_at: '2025-08-30T11:53:00.000Z',
      image_id: '',
      image_address: '',
      image_name: '',
      image_version: '',
      image_metadata: {},
    },
  },
})
