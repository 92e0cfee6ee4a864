// list_session_revisions: the history that revert_session and restore_session can go back to.

import * as z from 'zod'
import { command } from '../command.ts'
import { labelResult } from '../context-fields.ts'
import * as fields from '../fields.ts'

export const listSessionRevisions = command({
  name: 'list_session_revisions',
  scope: 'client',
  mutates: false,
  offline: 'history',
  summary: 'Lists the revisions of a session that are kept, the newest first.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
  }),
  result: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId,
    revisions: z
      .array(
        z.object({
          revision: fields.revision,
          at: fields.timestamp.describe('When it was written.'),
          changed: fields.changed,
          bytes: fields.bytes.describe('Bytes of all components at this revision.'),
          cause: z.string().describe('The command that made it, or "repair".'),
          label: labelResult,
          is_current: z.boolean().describe('True for the revision that the session is at.'),
        })
      )
      .describe(
        'The newest first. Numbers have gaps: of what is older than the last 20, the newest 20 with a name stay, and the last one of each quarter of an hour.'
      ),
  }),
  failures: ['invalid_client_id', 'client_not_allowed', 'session_not_found'],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      revisions: [
        {
          revision: 3,
          at: '2025-08-30T10:45:00.000Z',
          changed: ['session_state'],
          bytes: 216,
          cause: 'update_session_state',
          label: '',
          is_current: true,
        },
        {
          revision: 2,
          at: '2025-08-30T10:35:00.000Z',
          changed: ['session_state', 'workspace_context', 'inspector_state', 'object_registry'],
          bytes: 156,
          cause: 'update_session_state',
          label: '',
          is_current: false,
        },
        {
          revision: 1,
          at: '2025-08-30T10:30:00.000Z',
          changed: [],
          bytes: 0,
          cause: 'create_session',
          label: '',
          is_current: false,
        },
      ],
    },
  },
})
