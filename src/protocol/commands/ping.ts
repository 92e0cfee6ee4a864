// ping: is somebody there?

import * as z from 'zod'
import { VERSION } from '../../version.ts'
import { command } from '../command.ts'
import { MAX_ID_LENGTH } from '../limits.ts'

export const ping = command({
  name: 'ping',
  scope: 'service',
  mutates: false,
  summary: 'Tells that the service answers.',
  parameters: z.object({
    message: z.string().max(MAX_ID_LENGTH).describe('Comes back unchanged.').optional(),
  }),
  result: z.object({
    message: z.string().describe('The message that was sent, or "pong".'),
    status: z.literal('ready').describe('The service takes commands.'),
    uptime: z.number().min(0).describe('Seconds since this instance of the service started.'),
    version: z.string().describe('Of the service.'),
  }),
  failures: [],
  example: {
    parameters: { message: 'hello' },
    result: { message: 'hello', status: 'ready', uptime: 12.5, version: VERSION },
  },
})
