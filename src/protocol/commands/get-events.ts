// get_events: the events of a client for those who cannot keep a socket open (conflict C-21).

import * as z from 'zod'
import { command } from '../command.ts'
import { event } from '../event.ts'
import * as fields from '../fields.ts'
import { DEFAULT_PAGE, MAX_PAGE } from '../limits.ts'

export const getEvents = command({
  name: 'get_events',
  scope: 'client',
  mutates: false,
  admins: true,
  strangers: 'nothing',
  summary: 'Lists what changed in the sessions of a client since a sequence.',
  parameters: z.object({
    client_id: fields.clientId,
    after: z
      .int()
      .min(0)
      .describe('The last sequence that is known; 0, all that are kept, if absent.')
      .optional(),
    limit: z
      .int()
      .min(1)
      .max(MAX_PAGE)
      .describe(`Events of one page; ${DEFAULT_PAGE} if absent.`)
      .optional(),
  }),
  result: z.object({
    client_id: fields.clientId,
    events: z.array(event).describe('In order, the oldest first.'),
    next_after: z.int().min(0).describe('Sent as after it gives what comes next.'),
    latest: z.int().min(0).describe('The newest sequence there is; 0 before the first event.'),
    missed: z
      .boolean()
      .describe(
        'True if events after `after` are no longer kept: list the sessions to know how they are.'
      ),
  }),
  failures: ['invalid_client_id', 'client_not_allowed'],
  example: {
    parameters: { client_id: 'client_001', after: 2 },
    result: {
      client_id: 'client_001',
      events: [
        {
          specversion: '1.0',
          id: '3',
          source: '/clients/client_001',
          type: 'session.updated',
          subject: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
          time: '2025-08-30T10:45:00.000Z',
          sequence: 3,
          data: {
            client_id: 'client_001',
            session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
            status: 'active',
            revision: 3,
            state_bytes: 216,
            expires_at: '2025-08-30T11:45:00.000Z',
            image_id: '',
          },
        },
      ],
      next_after: 3,
      latest: 3,
      missed: false,
    },
  },
})
