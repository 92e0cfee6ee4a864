// Keeps the token in the bridge's token file fresh: a new one stands there long before the old one ends.

import type { Clock } from '../../src/clock.ts'
import type { Timer } from '../timer.ts'
import { replacePrivateFile } from './replace-file.ts'

/** Age at which a token is replaced: half of what it lasts, so that the bridge has many looks at the new one. */
export const RENEW_AFTER_MS = 450_000

/** How often its age is looked at: timers stand still while a machine sleeps, its clock does not. */
export const LOOK_MS = 10_000

export type FreshTokenOptions = {
  readonly path: string
  readonly issue: () => Promise<string>
  readonly clock: Clock
  readonly timer: Timer
  /** The file cannot be written; told once until it can be written again. */
  readonly onLost: (error: unknown) => void
}

/** Writes the first token, or rejects with the system's error; gives what ends it. */
export async function keepTokenFresh(options: FreshTokenOptions): Promise<() => void> {
  const { path, issue, clock, timer, onLost } = options
  let issuedAt = 0
  let isLost = false
  let stopped = false
  let cancel = () => {}

  async function write() {
    const now = clock.now()
    const token = await issue()
    if (stopped) return
    replacePrivateFile(path, `${token}\n`)
    issuedAt = now
    isLost = false
  }

  async function look() {
    try {
      // In both directions: a clock that was set back would make a token that is not valid yet.
      if (Math.abs(clock.now() - issuedAt) >= RENEW_AFTER_MS) await write()
    } catch (error) {
      if (!isLost) onLost(error)
      isLost = true
    }
    wait()
  }

  function wait() {
    if (!stopped) cancel = timer.after(LOOK_MS, () => void look())
  }

  await write()
  wait()
  return () => {
    stopped = true
    cancel()
  }
}
