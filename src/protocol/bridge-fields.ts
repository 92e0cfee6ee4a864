// The fields of commands about bridges, each described once: what waits in their journals, and when they were heard last.

import * as z from 'zod'
import * as fields from './fields.ts'
import { BRIDGE_SILENT_AFTER_MS, MAX_BRIDGE_CLIENTS, MAX_ID_LENGTH } from './limits.ts'

const count = z.int().min(0)

export const bridgeId = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  .describe("Tells the caller's bridges apart; says nothing of the machine.")

export const bridgeVersion = z.string().max(MAX_ID_LENGTH).describe('Version of the bridge.')

/** What a bridge holds for one client; the names are those of the bridge's own status. */
const journal = {
  client_id: fields.clientId,
  records: count.describe('Changes that were acknowledged there and wait for the service.'),
  refused: count.describe('Changes that the service does not take; they are kept there.'),
  bytes: count.describe('Bytes of both.'),
  oldest_at: fields.timestamp
    .describe('When the first of those that wait was acknowledged; absent if none waits.')
    .optional(),
}

export const reportedJournals = z
  .array(z.object(journal))
  .max(MAX_BRIDGE_CLIENTS)
  .refine(
    (journals) => new Set(journals.map(({ client_id }) => client_id)).size === journals.length,
    'each client once'
  )
  .describe(
    'The clients that it serves, each once. Whole facts: a client that is not named is none of its.'
  )

/** A bridge as answers tell it. */
export const bridgeStatus = z.object({
  bridge_id: bridgeId,
  name: fields.nameResult.describe('What its developer calls it, or empty.'),
  version: bridgeVersion,
  is_own: z.boolean().describe("True if it is a bridge of the caller's."),
  last_heard: fields.timestamp.describe('When it reported last.'),
  silent: z
    .boolean()
    .describe(
      `It has not reported for ${BRIDGE_SILENT_AFTER_MS / 1000} seconds: it is not running, or cannot reach the service. More may wait there than is known.`
    ),
  clients: z
    .array(
      z.object({
        ...journal,
        last_sync: fields.timestamp.describe(
          'Everything that was acknowledged there before has reached the service, or was refused.'
        ),
      })
    )
    .describe('Those that it served when it was heard last.'),
})

export type BridgeStatus = z.output<typeof bridgeStatus>

/** The bridge of the examples, as it is told. */
export const EXAMPLE_BRIDGE = {
  bridge_id: '5f1c09a2b7e4d386',
  name: "Frida's laptop",
  version: '0.1.0',
  is_own: true,
  last_heard: '2025-08-30T10:50:00.000Z',
  silent: false,
  clients: [
    {
      client_id: 'client_001',
      records: 12,
      refused: 0,
      bytes: 4096,
      oldest_at: '2025-08-30T10:42:00.000Z',
      last_sync: '2025-08-30T10:42:00.000Z',
    },
  ],
} as const
