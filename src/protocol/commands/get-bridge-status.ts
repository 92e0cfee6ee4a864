// get_bridge_status: how far bridges are behind, as they have reported it.

import * as z from 'zod'
import { bridgeStatus, EXAMPLE_BRIDGE } from '../bridge-fields.ts'
import { command } from '../command.ts'
import { MAX_BRIDGES_TOLD } from '../limits.ts'

export const getBridgeStatus = command({
  name: 'get_bridge_status',
  scope: 'team',
  mutates: false,
  summary:
    "Tells what waits in the journals of the caller's own bridges; admins of the whole team are told those of everybody.",
  parameters: z.object({}),
  result: z.object({
    bridges: z
      .array(bridgeStatus)
      .describe(
        `Those that hold work first, then the one heard last; ${MAX_BRIDGES_TOLD} at most. One that is silent for a day is told only if something waits or was refused there.`
      ),
  }),
  failures: [],
  example: { parameters: {}, result: { bridges: [EXAMPLE_BRIDGE] } },
})
