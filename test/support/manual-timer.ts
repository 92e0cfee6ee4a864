// A timer that a test turns by hand.

import type { Timer } from '../../local-bridge/timer.ts'

export type ManualTimer = Timer & {
  /** Lets time pass; what falls due is called in its order. */
  advance(ms: number): void
  /** Calls that are still to come. */
  pending(): number
}

export function createManualTimer(): ManualTimer {
  const due = new Set<{ readonly at: number; readonly call: () => void }>()
  let now = 0

  function nextUntil(end: number) {
    return [...due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
  }

  return {
    ticks: () => now,
    after: (ms, call) => {
      const entry = { at: now + ms, call }
      due.add(entry)
      return () => due.delete(entry)
    },
    advance: (ms) => {
      const end = now + ms
      for (let next = nextUntil(end); next !== undefined; next = nextUntil(end)) {
        due.delete(next)
        now = next.at
        next.call()
      }
      now = end
    },
    pending: () => due.size,
  }
}
