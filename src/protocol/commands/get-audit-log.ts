// get_audit_log: what was done with a client's sessions, by whom, and whether the record is whole (seed 004).

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import { DEFAULT_PAGE, MAX_PAGE } from '../limits.ts'

const sequence = z.int().min(1).describe('Counts the rows of a client from 1.')

const hash = z.string().describe('SHA-256, hexadecimal; empty before the first row.')

export const getAuditLog = command({
  name: 'get_audit_log',
  scope: 'client',
  mutates: false,
  admins: true,
  strangers: 'nothing',
  summary:
    'Lists what was done with the sessions of a client, the oldest first, and tells whether the record is whole. For its owner, and for admins of the team.',
  parameters: z.object({
    client_id: fields.clientId,
    after: z
      .int()
      .min(0)
      .describe('Only rows after this one; 0 if absent, which begins with the oldest that is kept.')
      .optional(),
    limit: z
      .int()
      .min(1)
      .max(MAX_PAGE)
      .describe(`Rows of one page; ${DEFAULT_PAGE} if absent.`)
      .optional(),
  }),
  result: z.object({
    client_id: fields.clientId,
    entries: z
      .array(
        z.object({
          sequence,
          at: fields.timestamp.describe('When it happened; for several at once, the last time.'),
          actor: z.string().describe('The subject of the token; "service" for what time does.'),
          action: z.string().describe('What was done, such as session_created or refused.'),
          session_id: z.string().describe('The session, or empty.'),
          address: z.string().describe('The network address that it came from, or empty.'),
          outcome: z.string().describe('success, or the error code of a refusal.'),
          detail: z
            .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
            .describe('A few facts; never state.'),
          times: z.int().min(1).describe('How often; equal refusals share a row a minute.'),
          previous_hash: hash.describe('The hash of the row before; empty for the first.'),
          hash: hash.describe(
            'SHA-256 over the JSON array of the values before it, `at` in milliseconds since 1970.'
          ),
        })
      )
      .describe('One page, the oldest first.'),
    next_after: z.int().min(0).describe('Sent as after it gives the next page, or what is new.'),
    total_kept: z.int().min(0).describe('Rows that are kept.'),
    head_hash: hash.describe(
      'The hash of the newest row: kept elsewhere, it proves later that nothing was rewritten.'
    ),
    chain_ok: z
      .boolean()
      .describe('True if every kept row is as it was written and none is missing.'),
    broken_at: sequence
      .describe('Only if not: the first row that is missing or changed.')
      .optional(),
  }),
  failures: ['invalid_client_id', 'client_not_allowed'],
  example: {
    parameters: { client_id: 'client_001' },
    result: {
      client_id: 'client_001',
      entries: [
        {
          sequence: 1,
          at: '2025-08-30T10:30:00.000Z',
          actor: 'local',
          action: 'ownership',
          session_id: '',
          address: 'local',
          outcome: 'success',
          detail: { team: 'local', client_id: 'client_001' },
          times: 1,
          previous_hash: '',
          hash: '6fbcb9eb47cd04ba5774df1bb61557d0a64a707f56427890245e655f220bd82b',
        },
        {
          sequence: 2,
          at: '2025-08-30T10:30:00.000Z',
          actor: 'local',
          action: 'session_created',
          session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
          address: 'local',
          outcome: 'success',
          detail: {},
          times: 1,
          previous_hash: '6fbcb9eb47cd04ba5774df1bb61557d0a64a707f56427890245e655f220bd82b',
          hash: 'd3228d4525edd690fc39e06f528ad189f18b3b547b2db73948875a70ec91a9db',
        },
      ],
      next_after: 2,
      total_kept: 2,
      head_hash: 'd3228d4525edd690fc39e06f528ad189f18b3b547b2db73948875a70ec91a9db',
      chain_ok: true,
    },
  },
})
