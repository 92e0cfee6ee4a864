// clear_context: takes components away in one new revision. What was cleared stays in the history.

import * as z from 'zod'
import { command } from '../command.ts'
import { componentNames } from '../context-fields.ts'
import { ACTIVE_SESSION_FAILURES } from '../failures.ts'
import * as fields from '../fields.ts'
import { changeResult } from './update-session-state.ts'

export const clearContext = command({
  name: 'clear_context',
  scope: 'client',
  mutates: true,
  audit: 'context_cleared',
  offline: 'work',
  summary: 'Empties components of the state of a session; revert_session brings them back.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
    components: componentNames('The components to empty; all if absent.').optional(),
  }),
  result: changeResult,
  failures: [...ACTIVE_SESSION_FAILURES, 'idempotency_conflict'],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      components: ['evaluation_history'],
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      last_modified: '2025-08-30T10:54:00.000Z',
      session_state: { workspace: 'test workspace', inspector: 'test inspector' },
      update_successful: true,
      revision: 6,
      changed: ['evaluation_history'],
      state_bytes: 231,
      expires_at: '2025-08-30T11:54:00.000Z',
      image_id: '',
      image_address: '',
      image_name: '',
      image_version: '',
      image_metadata: {},
    },
  },
})
