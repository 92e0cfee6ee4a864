// Waiting and measuring. Monotonic: a corrected system clock moves no deadline. Tests pass one that they turn by hand.

export type Timer = {
  /** Milliseconds since some fixed moment. */
  ticks(): number
  /** Calls back after `ms`; gives back what cancels it. */
  after(ms: number, call: () => void): () => void
}

/** The machine's own timer. */
export const systemTimer: Timer = {
  ticks: () => performance.now(),
  after: (ms, call) => {
    const timeout = setTimeout(call, ms)
    return () => clearTimeout(timeout)
  },
}

/** Where chance comes from: numbers from 0 up to 1. */
export type Chance = () => number

export const systemChance: Chance = () => Math.random()

export function sleep(timer: Timer, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timer.after(ms, resolve)
  })
}

/** Gives the value if it comes within `ms`, otherwise undefined. The work itself goes on. */
export async function within<Value>(
  timer: Timer,
  ms: number,
  work: Promise<Value>
): Promise<Value | undefined> {
  let cancel = () => {}
  const passed = new Promise<undefined>((resolve) => {
    cancel = timer.after(ms, () => resolve(undefined))
  })
  try {
    return await Promise.race([work, passed])
  } finally {
    cancel()
  }
}
