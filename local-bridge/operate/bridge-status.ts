// What `bridge_status` answers: how the bridge is, for TUIs and for `stui-bridge status` alike. Only the bridge knows it,
// so that it is no command of the registry. Never names of clients or sessions, state, tokens or places on the disk.

import * as z from 'zod'

/** The command that asks for it; it has no parameters. */
export const BRIDGE_STATUS = 'bridge_status'

const time = z.iso.datetime()
const count = z.int().min(0)
const milliseconds = z.number().min(0)
const figure = z.number().min(0)

export const bridgeStatusSchema = z.object({
  version: z.string().describe('Version of the bridge.'),
  pid: z.int().describe('Process of the bridge.'),
  started_at: time.describe('When it was started.'),
  endpoint: z.string().describe('Where clients connect.'),
  clients: count.describe('Connections of clients, the one that asks included.'),
  uplink: z
    .object({
      url: z.string().describe('The session service.'),
      state: z.enum(['up', 'down', 'unknown']).describe('unknown: it was not asked yet.'),
      since: time.describe('Since when that is so.'),
      detail: z.string().nullable().describe('Why it is down.'),
      latency_ms: milliseconds.nullable().describe('The fastest of the last answers.'),
    })
    .describe('The way to the session service.'),
  token: z
    .object({
      state: z.enum(['none', 'good', 'not_good']).describe('none: authentication is off.'),
      expires_at: time.nullable(),
    })
    .describe("The developer's token."),
  images: z
    .array(
      z.object({
        name: z.string(),
        address: z.string(),
        status: z.enum(['Connected', 'Disconnected']),
        health: z.enum(['Healthy', 'Warning', 'Critical', 'Unknown']),
        round_trip_ms: milliseconds.nullable(),
        queue: count.describe('Requests that wait for it.'),
        working_ms: milliseconds.nullable().describe('How long it has worked on its request.'),
      })
    )
    .describe('The Smalltalk images.'),
  journal: z
    .object({
      records: count.describe('Changes that wait for the service.'),
      refused: count.describe('Changes that the service does not take; they are kept.'),
      bytes: count.describe('Bytes of both.'),
      max_records: count,
      max_bytes: count,
      oldest_at: time.nullable().describe('When the first of those that wait was acknowledged.'),
    })
    .nullable()
    .describe('Work that was acknowledged here; null if nothing is kept on this machine.'),
  journal_trouble: z
    .string()
    .nullable()
    .default(null)
    .describe('What is wrong with what is kept on this machine, and what to do.'),
  replay: z
    .object({
      done: count,
      total: count,
      per_second: figure.nullable().describe('How many a second lately.'),
      rest_s: figure.nullable().describe('Seconds that the rest will take like that.'),
    })
    .nullable()
    .describe('The delivery to the service that runs now.'),
  last_sync: time
    .nullable()
    .describe('Everything that was acknowledged before has reached the service, or was refused.'),
  events: z
    .object({ endpoint: z.string(), subscribers: count })
    .nullable()
    .describe('Where live events are published; null if they are not.'),
})

export type BridgeStatus = z.output<typeof bridgeStatusSchema>
