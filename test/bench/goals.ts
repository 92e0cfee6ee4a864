// What the project promises of its speed, as ratios to the floor, and whether a run has kept it.

import type { BridgeFigures } from './bridge.ts'
import type { Comparison, Ratios } from './compare.ts'
import { type Case, nameOf } from './plan.ts'

/** A promise about one line of the table. */
type Goal = {
  readonly of: string
  readonly concurrency: number
  readonly metric: Exclude<keyof Ratios, 'cpu'>
  readonly atLeast?: number
  readonly atMost?: number
}

export type Verdict = {
  readonly of: string
  readonly goal: string
  readonly value: number
  readonly is_met: boolean
}

const GOALS: readonly Goal[] = [
  { of: 'update 2 KB', concurrency: 16, metric: 'throughput', atLeast: 0.7 },
  { of: 'update 2 KB', concurrency: 16, metric: 'p50', atMost: 1.5 },
  { of: 'restore 1 MB', concurrency: 1, metric: 'p50', atMost: 1.5 },
]

const BRIDGE_ADDS_AT_MOST_MS = 1

/** The verdicts about one case; most cases have none. */
export function verdictsOf(comparison: Comparison): Verdict[] {
  return GOALS.filter((goal) => concerns(goal, comparison)).map((goal) => {
    const value = comparison.ratios[goal.metric]
    const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = goal
    return {
      of: `${goal.of}, ${goal.concurrency} at once`,
      goal: textOf(goal),
      value,
      is_met: value >= atLeast && value <= atMost,
    }
  })
}

export function bridgeVerdict({ added_p50_ms }: BridgeFigures): Verdict {
  return {
    of: 'bridge, 1 at once',
    goal: `adds ≤ ${BRIDGE_ADDS_AT_MOST_MS} ms p50`,
    value: added_p50_ms,
    is_met: added_p50_ms <= BRIDGE_ADDS_AT_MOST_MS,
  }
}

function concerns(goal: Goal, case_: Case): boolean {
  return goal.of === nameOf(case_) && goal.concurrency === case_.concurrency
}

function textOf({ metric, atLeast, atMost }: Goal): string {
  return atLeast === undefined ? `${metric} ≤ ${atMost}` : `${metric} ≥ ${atLeast}`
}
