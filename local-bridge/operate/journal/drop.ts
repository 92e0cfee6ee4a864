// `stui-bridge journal drop`: takes away changes that the service refused.

import type { Outcome } from '../../../src/outcome.ts'
import { dropRefused } from '../../replica/tables/refused.ts'
import { type AskOptions, askFor, countIn } from '../ask-bridge.ts'
import { BRIDGE_DROP, bridgeDropResult } from '../bridge-drop.ts'
import { type CarriedOut, carryOut } from './carry-out.ts'
import type { Chosen } from './choose.ts'

/** Gives how many are gone; the failure is one sentence. */
export function dropAll(
  chosen: readonly Chosen[],
  ask: AskOptions
): Promise<Outcome<CarriedOut, string>> {
  return carryOut(chosen, {
    done: 'dropped',
    endpoint: ask.endpoint,
    here: dropRefused,
    asked: async (records) => {
      const question = { command: BRIDGE_DROP, parameters: { records } }
      return countIn(await askFor(question, bridgeDropResult, ask), ({ dropped }) => dropped)
    },
  })
}
