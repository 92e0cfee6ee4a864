// One piece of work for many that wait for it. Each waits no longer than its own limit.
// In workerd the work belongs to the request that began it, and nothing promises that it outlives that request:
// so nobody waits for it without a timer of one's own, and work that is overdue is begun anew.

import type { Clock } from '../clock.ts'
import type { TimeLimit } from './stui-api.ts'

export type SharedWorkOptions<Value> = {
  readonly clock: Clock
  readonly limit: TimeLimit
  /** Milliseconds that anybody waits. */
  readonly waitMs: number
  /** What those get who waited in vain. */
  readonly late: Value
}

/** Begins the work, or joins the one that is under way for the same key. */
export type SharedWork<Value> = (key: string, work: () => Promise<Value>) => Promise<Value>

export function sharedWork<Value>({
  clock,
  limit,
  waitMs,
  late,
}: SharedWorkOptions<Value>): SharedWork<Value> {
  type Running = { readonly since: number; readonly value: Promise<Value> }
  const running = new Map<string, Running>()

  function isOverdue({ since }: Running): boolean {
    return clock.now() - since >= waitMs
  }

  /** Work that went with its request never ends: it is forgotten here, or strangers who leave could fill the memory. */
  function forgetOverdue(): void {
    for (const [key, one] of running) {
      if (!isOverdue(one)) return
      running.delete(key)
    }
  }

  function begin(key: string, work: () => Promise<Value>): Running {
    forgetOverdue()
    const begun = {
      since: clock.now(),
      value: work().finally(() => {
        if (running.get(key) === begun) running.delete(key)
      }),
    }
    running.set(key, begun)
    return begun
  }

  return (key, work) => {
    const known = running.get(key)
    const { value } = known === undefined || isOverdue(known) ? begin(key, work) : known
    return within(limit(waitMs), value, late)
  }
}

/** The value of the work, or `late` if the signal comes first. The work itself goes on. */
function within<Value>(signal: AbortSignal, work: Promise<Value>, late: Value): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = () => resolve(late)
    signal.addEventListener('abort', giveUp, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}
