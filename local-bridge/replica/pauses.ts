// Waits before something is tried again. They end at once when nobody will try it any more: a timer that is left behind keeps
// the program from ending.

import type { Timer } from '../timer.ts'

export type Pauses = {
  /** True when the time has passed; false as soon as all waits were ended. */
  wait(ms: number): Promise<boolean>
  end(): void
}

export function createPauses(timer: Pick<Timer, 'after'>): Pauses {
  const running = new Set<() => void>()
  let ended = false

  return {
    wait: (ms) => {
      if (ended) return Promise.resolve(false)
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const cancel = timer.after(ms, () => {
        running.delete(end)
        resolve(true)
      })
      const end = () => {
        cancel()
        resolve(false)
      }
      running.add(end)
      return promise
    },
    end: () => {
      ended = true
      for (const end of running) end()
      running.clear()
    },
  }
}
