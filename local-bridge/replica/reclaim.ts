// Gives back the room that a client's file does not need any more, a moment after it was used last and a little at a time:
// pages of what was delivered, and copies that nobody has used for long. Never touches a copy that something waits for.

import type { Timer } from '../timer.ts'
import type { Replicas } from './replicas.ts'
import { forgetUnused } from './unused.ts'

export type Reclaim = {
  /** Something of this client was used or delivered. */
  note(route: string): void
  stop(): void
}

export type ReclaimDependencies = {
  readonly replicas: Replicas
  readonly timer: Timer
  readonly onFault: (error: unknown) => void
}

/** Quiet for so long is idle; between two steps others have their turn. */
export const QUIET_MS = 2000
const STEP_MS = 10

export function createReclaim({ replicas, timer, onFault }: ReclaimDependencies): Reclaim {
  const noted = new Set<string>()
  let cancel = () => {}
  let stopped = false

  function later(ms: number): void {
    cancel()
    if (!stopped && noted.size > 0) cancel = timer.after(ms, step)
  }

  function step(): void {
    const [route] = noted
    if (route === undefined) return
    if (!hasMore(route)) noted.delete(route)
    later(STEP_MS)
  }

  function hasMore(route: string): boolean {
    try {
      const replica = replicas.of(route)
      if (replica === undefined) return false
      return forgetUnused(replica) || replica.giveBack()
    } catch (error) {
      if (!replicas.failed(route, error)) onFault(error)
      return false
    }
  }

  return {
    note: (route) => {
      noted.add(route)
      later(QUIET_MS)
    },
    stop: () => {
      stopped = true
      cancel()
    },
  }
}
