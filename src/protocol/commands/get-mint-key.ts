// get_mint_key: what a bridge needs to make session ids of its own client while the service is out of reach.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'

export const getMintKey = command({
  name: 'get_mint_key',
  scope: 'client',
  mutates: false,
  strangers: 'refused',
  audit: 'mint_key_given',
  summary: 'Gives a bridge the key that signs session ids of its own client, and of no other.',
  parameters: z.object({ client_id: fields.clientId }),
  result: z.object({
    client_id: fields.clientId,
    route: z.string().length(22).describe('The part of every session id that names the client.'),
    key: z.string().length(43).describe('Base64url of 32 bytes. A secret: keep it sealed.'),
  }),
  failures: ['invalid_client_id', 'client_not_allowed'],
  example: {
    parameters: { client_id: 'client_001' },
    result: {
      client_id: 'client_001',
      route: '3hGkQ0dZ9mWbTnR2xVcY7L',
      key: 'aW5zdGVhZC1vZi1hLWtleS0zMi1ieXRlcy1oZXJlISE',
    },
  },
})
