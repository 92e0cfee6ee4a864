// revert_session: makes an earlier revision the newest one. What it replaces stays in the history.

import * as z from 'zod'
import { command } from '../command.ts'
import { label } from '../context-fields.ts'
import { ACTIVE_SESSION_FAILURES } from '../failures.ts'
import * as fields from '../fields.ts'
import { updateResult } from './update-session-state.ts'

export const revertSession = command({
  name: 'revert_session',
  scope: 'client',
  mutates: true,
  audit: 'session_reverted',
  summary: 'Writes the state of an earlier revision as a new revision.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
    revision: fields.revision.describe('The revision to go back to.'),
    label: label.describe('Names the new revision for people; "revert to N" if absent.').optional(),
  }),
  result: updateResult.extend({
    reverted_to: fields.revision.describe('The revision whose state it has now.'),
  }),
  failures: [...ACTIVE_SESSION_FAILURES, 'session_corrupted', 'idempotency_conflict'],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      revision: 2,
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      last_modified: '2025-08-30T10:50:00.000Z',
      session_state: { workspace: 'test workspace', inspector: 'test inspector' },
      update_successful: true,
      revision: 4,
      changed: ['session_state'],
      state_bytes: 156,
      expires_at: '2025-08-30T11:50:00.000Z',
      reverted_to: 2,
      image_id: '',
      image_address: '',
      image_name: '',
      image_version: '',
      image_metadata: {},
    },
  },
})
