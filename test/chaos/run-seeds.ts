// Many runs, several at once: most of each is waiting.

import { type Result, runSeed, type Shared } from './run.ts'

export type Seeds = {
  readonly first: number
  readonly runs: number
  readonly atOnce: number
  /** Hears of each run as it ends. */
  readonly onResult?: (result: Result, done: number) => void
}

/** Gives the results in the order of their seeds. */
export async function runSeeds(
  { first, runs, atOnce, onResult = () => {} }: Seeds,
  shared: Shared
): Promise<Result[]> {
  const results: Result[] = []
  let next = first

  async function lane(): Promise<void> {
    while (next < first + runs) {
      const seed = next
      next += 1
      const result = await runSeed(seed, shared)
      results.push(result)
      onResult(result, results.length)
    }
  }

  await Promise.all(Array.from({ length: Math.min(atOnce, runs) }, lane))
  return results.sort((a, b) => a.seed - b.seed)
}
