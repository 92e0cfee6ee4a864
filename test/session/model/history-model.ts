// What a session's history must be: the simplest words for what is kept, on arrays.

import type { Kept, ModelSession } from './client-model.ts'

type HistoryLimits = {
  readonly revisionsKept: number
  readonly namedKept: number
  readonly spacedKept: number
  readonly spacingMs: number
  readonly forgetEvery: number
  readonly historyBytes: number
}

/** Forgets what is too much after a revision was written. */
export function forget(session: ModelSession, limits: HistoryLimits): void {
  if (session.newest.revision % limits.forgetEvery === 0) {
    const kept = keptOf([...session.earlier, session.newest], limits)
    session.earlier = session.earlier.filter((one) => kept.has(one))
  }
  while (session.earlier.length > 0 && storedBytes(session) > limits.historyBytes) {
    const named = namedOf([...session.earlier, session.newest], limits)
    const next = session.earlier.find((one) => !named.includes(one)) ?? session.earlier[0]
    session.earlier = session.earlier.filter((one) => one !== next)
  }
}

/** Of all revisions, the oldest first: the last ones, the last that are named, the last of each span of time. */
function keptOf(all: readonly Kept[], limits: HistoryLimits): ReadonlySet<Kept> {
  const recent = all.filter(({ revision }) => revision > newestOf(all) - limits.revisionsKept)
  const named = namedOf(all, limits)
  const others = all.filter((one) => !recent.includes(one) && !named.includes(one))
  const spanOf = ({ at }: Kept) => at - (at % limits.spacingMs)
  const spaced = others.filter((one, index) =>
    others.slice(index + 1).every((later) => spanOf(later) !== spanOf(one))
  )
  return new Set([...recent, ...named, ...spaced.slice(-limits.spacedKept)])
}

function namedOf(all: readonly Kept[], { namedKept }: HistoryLimits): readonly Kept[] {
  return all.filter(({ isNamed }) => isNamed).slice(-namedKept)
}

function newestOf(all: readonly Kept[]): number {
  return Math.max(...all.map(({ revision }) => revision))
}

/** Bytes of all texts that a kept revision has, each counted once. */
export function storedBytes({ earlier, newest }: ModelSession): number {
  const sizes = new Map<string, number>()
  for (const { state } of [...earlier, newest]) {
    for (const [component, { since, text }] of state)
      sizes.set(`${component} ${since}`, text.length)
  }
  return sum([...sizes.values()])
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
