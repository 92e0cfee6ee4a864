// What is measured, and for how long: every figure of the benchmark that somebody may want to change.

export type Operation = 'create' | 'update' | 'restore'

/** One line of the table: an operation, the size of its state, and how many clients ask at once. */
export type Case = {
  readonly operation: Operation
  readonly bytes: number
  readonly concurrency: number
}

export type Plan = {
  readonly name: 'full' | 'quick'
  readonly cases: readonly Case[]
  /** How often the two hosts take turns in a case. */
  readonly repeats: number
  /** How long one turn lasts at most. */
  readonly turnMs: number
  /** How long the run should take as a whole; turns get shorter on a machine that is too slow for it. */
  readonly runMs: number
  /** Requests of one turn at most. */
  readonly requestsAtMost: number
  /** Operations with which each client warms up before a case. */
  readonly warmUp: Readonly<Record<Operation, number>>
  /** How often direct HTTP, the bridge and the echo take turns of a few requests. */
  readonly bridgeRounds: number
}

/** A run that is not done by then has hung: it ends with an error. */
export const HANG_MS = 300_000

export const CONCURRENCIES = [1, 16, 64] as const
export const MOST_CLIENTS = 64

/** The largest state: a session may hold a megabyte, its other components included. */
const LARGEST = 999_000

const SIZES: Readonly<Record<Operation, readonly number[]>> = {
  create: [0],
  update: [2_000, 100_000],
  restore: [2_000, 100_000, LARGEST],
}

/** Of the time of a run, the share that turns may take; the rest goes into warming up and making sessions. */
const MEASURING_SHARE = 0.55

/** No turn is shorter. */
const SHORTEST_TURN_MS = 60

/** The whole run: about three minutes. */
export const FULL_PLAN: Plan = planOf({
  name: 'full',
  runMs: 180_000,
  repeats: 9,
  revisions: 21,
  bridgeRounds: 300,
})

/** For developing the benchmark itself: too short to be quoted. */
export const QUICK_PLAN: Plan = planOf({
  name: 'quick',
  runMs: 40_000,
  repeats: 3,
  revisions: 3,
  bridgeRounds: 50,
})

/** Shares the time that is left evenly among the cases that are left, so that a slow one does not make the run longer. */
export function withTimeLeft(plan: Plan, leftMs: number, casesLeft: number): Plan {
  const share = turnShare(leftMs, casesLeft, plan.repeats)
  return { ...plan, turnMs: Math.max(SHORTEST_TURN_MS, Math.min(plan.turnMs, share)) }
}

/** Two hosts take `repeats` turns each in every case. */
function turnShare(ms: number, cases: number, repeats: number): number {
  return Math.round((ms * MEASURING_SHARE) / (cases * repeats * 2))
}

function planOf(size: {
  readonly name: Plan['name']
  readonly runMs: number
  readonly repeats: number
  /** Beyond the revisions that a session keeps, every update also deletes one: that is the usual case. */
  readonly revisions: number
  readonly bridgeRounds: number
}): Plan {
  const cases = allCases()
  const turnMs = turnShare(size.runMs, cases.length, size.repeats)
  return {
    name: size.name,
    cases,
    repeats: size.repeats,
    turnMs,
    runMs: size.runMs,
    requestsAtMost: 5_000,
    warmUp: { create: 2, update: size.revisions, restore: 2 },
    bridgeRounds: size.bridgeRounds,
  }
}

/** Creating comes last: every new object wakes up once a minute later, which no other case should pay for. */
function allCases(): Case[] {
  const operations: Operation[] = ['update', 'restore', 'create']
  return operations.flatMap((operation) =>
    SIZES[operation].flatMap((bytes) =>
      CONCURRENCIES.map((concurrency) => ({ operation, bytes, concurrency }))
    )
  )
}

/** How a case is called in the table and by the goals. */
export function nameOf({ operation, bytes }: Pick<Case, 'operation' | 'bytes'>): string {
  if (bytes === 0) return operation
  return bytes === LARGEST ? `${operation} 1 MB` : `${operation} ${bytes / 1000} KB`
}
