// For whatever waits in a test: only what happens ends it, never time, so that a machine may be as slow as it is.

import { LIMITS, type Limits } from '../../local-bridge/limits.ts'

/** Longer than any test may last. */
export const FOREVER_MS = 600_000

/** A bridge to whom only a service that is found to be away is away, and none that is slow. */
export const PATIENT: Limits = {
  ...LIMITS,
  decideAfterMs: FOREVER_MS,
  standInAfterMs: FOREVER_MS,
}
