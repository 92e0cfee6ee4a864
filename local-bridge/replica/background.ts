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
  readonly pull: Pull
  readonly replicas: Replicas
  readonly link: Link
  readonly timer: Timer
  readonly log: Log
  readonly onFault: (error: unknown) => void
}

/** Quiet for so long is idle; what cannot be fetched is tried again after the longer time. */
export const IDLE_MS = 100
const TRY_AGAIN_MS = 2000

export function createBackground(dependencies: BackgroundDependencies): Background {
  const { pull, replicas, link, timer, log, onFault } = dependencies
  const wanted = new Set<string>()
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
    let isAll = true
    for (const route of wanted) {
      const whose = replicas.of(route)?.whose()
      if (whose === undefined || (await pull.client(route, whose))) wanted.delete(route)
      else isAll = false
    }
    running = false
    if (isAll && wanted.size === 0) log({ event: 'replica_complete' })
    later(isAll ? IDLE_MS : TRY_AGAIN_MS)
  }

  function failed(error: unknown): void {
    onFault(error)
    running = false
    later(TRY_AGAIN_MS)
  }

  return {
    note: (route) => {
      wanted.add(route)
      later(IDLE_MS)
    },
    stop: () => {
      stopped = true
      cancel()
    },
  }
}
