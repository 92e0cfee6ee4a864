// report_bridge_status: what a bridge holds for the clients that it serves. Whole facts, never differences: it may be
// repeated or be late.

import * as z from 'zod'
import {
  bridgeId,
  bridgeStatus,
  bridgeVersion,
  EXAMPLE_BRIDGE,
  reportedJournals,
} from '../bridge-fields.ts'
import { command } from '../command.ts'
import * as fields from '../fields.ts'
import { MAX_SUBJECT_BRIDGES } from '../limits.ts'

export const reportBridgeStatus = command({
  name: 'report_bridge_status',
  scope: 'team',
  mutates: true,
  summary:
    'Tells the team how far a bridge is behind: what waits in its journal for each client; sent when that changes, at most every five seconds, and else every 45 seconds.',
  parameters: z.object({
    bridge_id: bridgeId,
    name: fields.name.describe('What its developer calls it; empty if absent.').optional(),
    version: bridgeVersion,
    clients: reportedJournals,
  }),
  result: bridgeStatus.describe(
    `A bridge that serves nobody is forgotten. Each member has ${MAX_SUBJECT_BRIDGES} bridges; one more takes the place of the one heard least recently.`
  ),
  failures: ['client_not_allowed'],
  example: {
    parameters: {
      bridge_id: '5f1c09a2b7e4d386',
      name: "Frida's laptop",
      version: '0.1.0',
      clients: [
        {
          client_id: 'client_001',
          records: 12,
          refused: 0,
          bytes: 4096,
          oldest_at: '2025-08-30T10:42:00.000Z',
        },
      ],
    },
    result: EXAMPLE_BRIDGE,
  },
})
