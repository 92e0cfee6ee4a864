// Chaos in a time that fits into every build: the short form of `npm run chaos`.

import { describe, expect, it } from 'vitest'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { planOf } from './plan.ts'
import { runSeeds } from './run-seeds.ts'
import { startWorker } from './worker-host.ts'

const FIRST = 1
const RUNS = 200
const AT_ONCE = 16

/** A busy machine needs its time; what is asserted does not depend on it. */
const PATIENCE_MS = 600_000

describe('whatever breaks', () => {
  it(
    'everything that was acknowledged is there at the end, once and in order, and nobody gets stuck',
    async () => {
      const script = await buildWorker()
      await using worker = await startWorker(script)
      const seeds = { first: FIRST, runs: RUNS, atOnce: AT_ONCE }
      const results = await runSeeds(seeds, { script, worker })
      const failed = results.filter(({ problems }) => problems.length > 0)
      expect(failed.map(({ seed, problems }) => ({ seed, problems }))).toEqual([])
      const all = results.map(({ counts }) => counts)
      for (const kind of ['durable', 'journaled', 'retried'] as const) {
        expect(all.some((counts) => counts[kind] > 0)).toBe(true)
      }
      expect(results.some(({ recoveryMs }) => recoveryMs !== undefined)).toBe(true)
    },
    PATIENCE_MS
  )

  it('is planned by the seed alone', () => {
    expect(planOf(7)).toEqual(planOf(7))
    expect(planOf(7)).not.toEqual(planOf(8))
    const plans = Array.from({ length: RUNS }, (_, seed) => planOf(FIRST + seed))
    const troubles = new Set(
      plans.flatMap(({ storms, last }) => [...storms, last].map(({ trouble }) => trouble))
    )
    expect([...troubles].sort()).toEqual([
      ...['bad_weather', 'bridge_frozen', 'bridge_killed', 'bridge_restarted', 'cut', 'frozen'],
      ...['swallowed', 'worker_frozen', 'worker_killed'],
    ])
  })
})
