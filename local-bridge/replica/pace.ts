// How fast a delivery goes: what was settled in the last seconds, so that a limit or a slow line shows at once.

import type { Timer } from '../timer.ts'

export type Pace = {
  /** So many more were settled. */
  settled(count: number): void
  /** Entries a second; undefined while too little is known to say. */
  perSecond(): number | undefined
  /** A delivery has ended; the next one has a pace of its own. */
  reset(): void
}

/** What lies further back tells of another line, or of a burst that a limit let through. */
const WINDOW_MS = 10_000

/** The first answers come in a burst; less than this is no measure. */
const LEAST_MS = 1000

export function createPace(timer: Pick<Timer, 'ticks'>): Pace {
  let began: number | undefined
  let moments: { readonly at: number; readonly count: number }[] = []

  return {
    settled: (count) => {
      const at = timer.ticks()
      began ??= at
      moments = [...moments.filter((moment) => at - moment.at < WINDOW_MS), { at, count }]
    },
    perSecond: () => {
      const now = timer.ticks()
      const spanMs = Math.min(now - (began ?? now), WINDOW_MS)
      if (spanMs < LEAST_MS) return undefined
      const recent = moments.filter(({ at }) => now - at < WINDOW_MS)
      const count = recent.reduce((sum, moment) => sum + moment.count, 0)
      return Math.round((count / spanMs) * 10_000) / 10
    },
    reset: () => {
      began = undefined
      moments = []
    },
  }
}
