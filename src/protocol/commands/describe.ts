// describe: the registry tells itself.

import * as z from 'zod'
import { VERSION } from '../../version.ts'
import { command } from '../command.ts'
import { describeCommand } from '../describe-command.ts'
import { CAPABILITIES, MAX_ID_LENGTH, PROTOCOL_VERSION } from '../limits.ts'
import { ping } from './ping.ts'

const jsonObject = z.record(z.string(), z.unknown())

export const describe = command({
  name: 'describe',
  scope: 'service',
  mutates: false,
  summary: 'Describes one command, or all of them, as JSON Schema.',
  parameters: z.object({
    command: z
      .string()
      .max(MAX_ID_LENGTH)
      .describe('The command to describe; all of them if absent.')
      .optional(),
  }),
  result: z.object({
    protocol_version: z.string().describe('The version of the protocol that is served.'),
    version: z.string().describe('Of the service.'),
    capabilities: z.array(z.string()).describe('What the server can do.'),
    commands: z
      .record(
        z.string(),
        z.object({
          summary: z.string().describe('What it does, in one sentence.'),
          scope: z
            .enum(['client', 'team', 'client_or_team', 'client_or_each', 'service'])
            .describe('Who answers it.'),
          mutates: z.boolean().describe('It changes what is stored and takes an idempotency key.'),
          feature: z
            .string()
            .describe('The feature that the subscription must have; absent if everybody may.')
            .optional(),
          parameters: jsonObject.describe('JSON Schema of its parameters.'),
          result: jsonObject.describe('JSON Schema of its result.'),
          failures: z.array(z.string()).describe('Error codes that it may be refused with.'),
          example: z
            .object({
              parameters: jsonObject.describe('What is sent.'),
              result: jsonObject.describe('What is answered.'),
            })
            .describe('A request and its result.'),
        })
      )
      .describe('The commands by name.'),
  }),
  failures: [],
  example: {
    parameters: { command: 'ping' },
    result: {
      protocol_version: PROTOCOL_VERSION,
      version: VERSION,
      capabilities: [...CAPABILITIES],
      commands: { ping: describeCommand(ping) },
    },
  },
})
