// Many runs, several at once: most of each is waiting.

import { planOf } from './plan.ts'
import { type Result, runPlan, type Shared } from './run.ts'

export type Seeds = {
  readonly first: number
  readonly runs: number
  readonly atOnce: number
  /** The share of runs with processes of their own; few if absent. */
  readonly apart?: number
  /** Hears of each run as it ends. */
  readonly onResult?: (result: Result, done: number) => void
}

/** Gives the results in the order of their seeds. */
export async function runSeeds(
  { first, runs, atOnce, apart, onResult = () => {} }: Seeds,
  shared: Shared
): Promise<Result[]> {
  const results: Result[] = []
  let next = first

  async function lane(): Promise<void> {
    while (next < first + runs) {
      const seed = next
      next += 1
      const result = await runPlan(planOf(seed, apart), shared)
      results.push(result)
      onResult(result, results.length)
    }
  }

  await Promise.all(Array.from({ length: Math.min(atOnce, runs) }, lane))
  return results.sort((a, b) => a.seed - b.seed)
}
