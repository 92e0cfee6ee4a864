// How often something may be looked at again: so many times at once, then at a steady pace. For what anybody can provoke.

import type { Clock } from '../clock.ts'

export type Looks = {
  /** Takes one look; false if none is left. */
  take(): boolean
}

/** `atOnce` looks, and one more every `everyMs` milliseconds. A clock that was set back gives none. */
export function createLooks(clock: Clock, atOnce: number, everyMs: number): Looks {
  let left = atOnce
  let at = clock.now()
  return {
    take: () => {
      const now = clock.now()
      left = Math.min(atOnce, left + Math.max(0, now - at) / everyMs)
      at = now
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
