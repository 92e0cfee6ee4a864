// renew_session: a session goes on, or is active again, without its state being told. So an admin may do it for a member.

import * as z from 'zod'
import { command } from '../command.ts'
import { ACTIVE_SESSION_FAILURES } from '../failures.ts'
import * as fields from '../fields.ts'
import { listExample } from './list-client-sessions.ts'

export const renewSession = command({
  name: 'renew_session',
  scope: 'client',
  mutates: true,
  admins: true,
  looks: true,
  audit: '',
  offline: 'work',
  summary:
    'Renews the lease of a session as restore_session does, and tells nothing of its state. For its owner, and for admins of the team.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
    revive: z.boolean().describe('Make a closed or expired session active again.').optional(),
  }),
  result: z.object({
    ...fields.sessionResult,
    name: fields.nameResult,
    revision: fields.revision,
    expires_at: fields.expiresAt,
    ...fields.imageResult,
  }),
  failures: [...ACTIVE_SESSION_FAILURES, 'session_limit_exceeded', 'idempotency_conflict'],
  example: {
    parameters: { session_id: listExample.session_id },
    result: {
      session_id: listExample.session_id,
      client_id: 'client_001',
      created_at: '2025-08-30T10:30:00.000Z',
      last_modified: '2025-08-30T10:35:00.000Z',
      timeout: 3600,
      is_active: true,
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
