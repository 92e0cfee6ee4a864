// Bounds what the bridge holds at once. Short bursts wait in the sockets; what is too much is refused.

import type { Limits } from './limits.ts'
import { type Timer, within } from './timer.ts'

export type Admission = {
  /** Takes a place for a request; gives back what frees it, or undefined when there is none. */
  enter(bytes: number): (() => void) | undefined
  /**
   * Resolves when the next message should be read: at once as a rule, later during a burst.
   * A service that hangs must not keep other clients waiting, so patience ends after `pauseMs`
   * and comes back only when the burst is over.
   */
  room(): Promise<void>
}

const PAUSE_STEPS = 5

export type AdmissionDependencies = { readonly limits: Limits; readonly timer: Timer }

export function createAdmission({ limits, timer }: AdmissionDependencies): Admission {
  let requests = 0
  let held = 0
  let patient = true
  let calm = () => {}

  function enter(bytes: number) {
    if (requests >= limits.requests || held + bytes > limits.bytes) return undefined
    requests += 1
    held += bytes
    return () => {
      requests -= 1
      held -= bytes
      if (requests > limits.pauseAbove) return
      patient = true
      calm()
    }
  }

  async function room() {
    if (requests <= limits.pauseAbove || !patient) return
    const becameCalm = new Promise<true>((resolve) => {
      calm = () => resolve(true)
    })
    patient = await inSteps(becameCalm)
  }

  /** In steps: a busy event loop that finds all the time gone at once still looks at what has arrived meanwhile. */
  async function inSteps(becameCalm: Promise<true>): Promise<boolean> {
    for (let step = 0; step < PAUSE_STEPS; step += 1) {
      if ((await within(timer, limits.pauseMs / PAUSE_STEPS, becameCalm)) === true) return true
    }
    return false
  }

  return { enter, room }
}
