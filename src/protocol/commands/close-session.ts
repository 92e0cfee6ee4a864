// close_session (seed 000). Soft: the data is kept and can be revived until restorable_until.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import { MAX_ID_LENGTH } from '../limits.ts'

export const closeSession = command({
  name: 'close_session',
  scope: 'client',
  mutates: true,
  admins: true,
  audit: 'session_closed',
  offline: 'work',
  summary:
    'Closes a session; it can be revived until it is deleted. For its owner, and for admins of the team.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
    reason: z.string().max(MAX_ID_LENGTH).describe('Why, for people.').optional(),
  }),
  result: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId,
    closed: z.literal(true).describe('It is closed now.'),
    closed_at: fields.timestamp.describe('When it was closed.'),
    restorable_until: fields.restorableUntil,
  }),
  failures: [
    'invalid_client_id',
    'client_not_allowed',
    'session_not_found',
    'session_closed',
    'idempotency_conflict',
  ],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      closed: true,
      closed_at: '2025-08-30T10:50:00.000Z',
      restorable_until: '2025-09-29T10:50:00.000Z',
    },
  },
})
