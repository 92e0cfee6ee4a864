// save_context: what an image knows of a developer's work, saved in one revision. History is added to, not replaced.

import * as z from 'zod'
import { command } from '../command.ts'
import { componentTexts, label } from '../context-fields.ts'
import { ACTIVE_SESSION_FAILURES } from '../failures.ts'
import * as fields from '../fields.ts'
import { changeResult, conflictParameters } from './update-session-state.ts'

export const saveContext = command({
  name: 'save_context',
  scope: 'client',
  mutates: true,
  images: 'start',
  audit: '',
  offline: 'work',
  summary:
    'Saves components by name and renews the lease; entries of evaluation_history are added to those that are kept.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
    components: componentTexts,
    ...conflictParameters,
    label: label.optional(),
  }),
  result: changeResult,
  failures: [
    ...ACTIVE_SESSION_FAILURES,
    'session_too_large',
    'storage_limit_exceeded',
    'revision_conflict',
    'session_corrupted',
    'idempotency_conflict',
  ],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      components: {
        object_registry: {
          obj_123: { class: 'OrderedCollection', refs: ['obj_124'] },
          obj_124: { class: 'Point', refs: ['obj_123'] },
        },
        evaluation_history: [{ code: '3 + 4', result: '7' }],
      },
      label: 'before the refactoring',
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      last_modified: '2025-08-30T10:52:00.000Z',
      session_state: { workspace: 'test workspace', inspector: 'test inspector' },
      update_successful: true,
      revision: 5,
      changed: ['object_registry', 'evaluation_history'],
      state_bytes: 262,
      expires_at: '2025-08-30T11:52:00.000Z',
      image_id: '',
      image_address: '',
      image_name: '',
      image_version: '',
      image_metadata: {},
    },
  },
})
