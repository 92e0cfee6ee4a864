// How often a Worker that ended by itself may be started again before that is called a failure.

import type { Timer } from '../timer.ts'

const RESTARTS = 5
const WITHIN_MS = 60_000

/** Gives a function that notes one more restart, and true if it was one too many. */
export function createRestartBudget({ ticks }: Pick<Timer, 'ticks'>): () => boolean {
  let restarts: number[] = []
  return () => {
    const now = ticks()
    restarts = [...restarts.filter((at) => at > now - WITHIN_MS), now]
    return restarts.length > RESTARTS
  }
}
