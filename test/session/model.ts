// The engine against a simple model: any sequence of commands, with time moving.

import fc from 'fast-check'
import { describe, it } from 'vitest'
import { engineHost, type WithHost } from '../support/engine-host.ts'
import { dropAll } from '../support/engine-rows.ts'
import { MODEL_LIMITS } from './model/client-model.ts'
import { play } from './model/play.ts'
import { steps } from './model/steps.ts'

/** Sequences of one test; a failure prints the seed and the shortest sequence that fails. */
const SEQUENCES = 125
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]

/** Far above what a test takes on a busy machine. */
const PATIENCE_MS = 120_000

export function describeModel(name: string, withHost: WithHost): void {
  describe(name, () => {
    for (const seed of SEEDS) {
      it(
        `equals a simple model over ${SEQUENCES} sequences of commands (seed ${seed})`,
        () =>
          withHost({}, ({ sql }) => {
            const property = fc.property(steps, (sequence) => {
              dropAll(sql)
              play(engineHost(sql, { limits: MODEL_LIMITS }), sequence)
            })
            fc.assert(property, { seed, numRuns: SEQUENCES })
          }),
        PATIENCE_MS
      )
    }
  })
}
