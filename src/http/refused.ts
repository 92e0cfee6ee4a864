// A refusal as a reply: what the door says itself looks like what an object says.

import type { Reply } from '../protocol/call.ts'
import { type Failure, fail } from '../protocol/failures.ts'

export function refused(failure: Failure): Reply {
  return { outcome: fail(failure), replayed: false, warnings: [] }
}
