// Lets the replica fetch what it lacks, a moment after the last message: what a client asks for comes first.

import type { Log } from '../events.ts'
import type { Timer } from '../timer.ts'
import type { Link } from './link.ts'
import type { Pull } from './pull.ts'
import type { Replicas } from './replicas.ts'

export type Background = {
  /** Something about this client may be missing. */
  note(route: string): void
  stop(): void
}

export type BackgroundDependencies = {
  readonly pull: Pick<Pull, 'client'>
  readonly replicas: Replicas
  readonly link: Pick<Link, 'isUp'>
  /** Takes over what was heard until now, and notes whose it is. */
  readonly flush: () => void
  readonly timer: Timer
  readonly log: Log
  readonly onFault: (error: unknown) => void
}

/** Quiet for so long is idle; what cannot be fetched is tried again after the longer time. */
export const IDLE_MS = 100
const TRY_AGAIN_MS = 2000

export function createBackground(dependencies: BackgroundDependencies): Background {
  const { pull, replicas, link, flush, timer, log, onFault } = dependencies
  /** Clients of whom something may be missing, each with the number of what was noted last. */
  const wanted = new Map<string, number>()
  let notes = 0
  let running = false
  let stopped = false
  let cancel = () => {}

  function later(ms: number): void {
    cancel()
    if (!stopped && wanted.size > 0) cancel = timer.after(ms, () => void work().catch(failed))
  }

  async function work(): Promise<void> {
    if (running || stopped || !link.isUp()) return
    running = true
    let wait = IDLE_MS
    for (const [route, noted] of wanted) {
      const whose = replicas.of(route)?.whose()
      const isComplete = whose === undefined || (await pull.client(route, whose))
      flush()
      // What was noted meanwhile may have been missed: it is looked at as soon as the client is quiet.
      if (wanted.get(route) !== noted) continue
      if (isComplete) wanted.delete(route)
      else wait = TRY_AGAIN_MS
    }
    running = false
    if (wanted.size === 0) log({ event: 'replica_complete' })
    later(wait)
  }

  function failed(error: unknown): void {
    onFault(error)
    running = false
    later(TRY_AGAIN_MS)
  }

  return {
    note: (route) => {
      notes += 1
      wanted.set(route, notes)
      later(IDLE_MS)
    },
    stop: () => {
      stopped = true
      cancel()
    },
  }
}
