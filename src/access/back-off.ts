// When to ask again after the STUI API failed: a little later each time, so that a hanging one costs few requests.

import type { Clock } from '../clock.ts'

/** The first pause after a failure; it doubles with each further one. */
export const FIRST_PAUSE_MS = 1000

/** The longest pause: an API that is back is noticed within this time. */
export const LONGEST_PAUSE_MS = 8000

export type BackOff = {
  /** True while it is too early to ask again. */
  pausing(): boolean
  failed(): void
  answered(): void
}

export function createBackOff(clock: Clock): BackOff {
  let pauseMs = 0
  let until = 0
  return {
    pausing: () => clock.now() < until,
    failed: () => {
      pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, pauseMs * 2), LONGEST_PAUSE_MS)
      until = clock.now() + pauseMs
    },
    answered: () => {
      pauseMs = 0
      until = 0
    },
  }
}
