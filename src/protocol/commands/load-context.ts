// load_context: the components that an image asks for, as they are stored.

import * as z from 'zod'
import { command } from '../command.ts'
import { componentNames } from '../context-fields.ts'
import { ACTIVE_SESSION_FAILURES } from '../failures.ts'
import * as fields from '../fields.ts'

export const loadContext = command({
  name: 'load_context',
  scope: 'client',
  mutates: true,
  images: 'registry',
  looks: true,
  audit: '',
  offline: 'state',
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
    ...z.object(fields.stateResult).partial().shape,
    last_modified: fields.lastModified,
    expires_at: fields.expiresAt,
    ...fields.imageResult,
    ...fields.staleResult,
    recovered_from: fields.recoveredFrom.optional(),
  }),
  failures: [...ACTIVE_SESSION_FAILURES, 'session_corrupted', 'idempotency_conflict'],
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
