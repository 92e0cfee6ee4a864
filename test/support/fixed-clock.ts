// A clock that stands still until a test moves it.

import type { Clock } from '../../src/clock.ts'

export type FixedClock = Clock & {
  /** Moves time forward. */
  advance(milliseconds: number): void
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The moment at which tests begin. */
export const START = Date.UTC(2026, 2, 1, 9, 0, 0)

/** @example const clock = fixedClock(); clock.advance(2 * HOUR) */
export function fixedClock(start = START): FixedClock {
  let now = start
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds
    },
  }
}
