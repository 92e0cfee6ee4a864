// A refusal as a reply: what the door says itself looks like what an object says.

import type { Reply } from '../protocol/call.ts'
import { type Failure, fail } from '../protocol/failures.ts'

export function refused(failure: Failure): Reply {
  return { outcome: fail(failure), replayed: false, warnings: [] }
}

/** Takes a token for what no object counts; says no if there is none. */
export type Paced = () => Failure | undefined

/** A refusal of the door's own to somebody whom it let in: whoever gets too many of them has to wait. */
export function turnedAway({ paced }: { readonly paced: Paced }, failure: Failure): Reply {
  return refused(paced() ?? failure)
}
