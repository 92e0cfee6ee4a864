// A map that forgets: entries last for a time, and the oldest go first when there are too many.

import type { Timer } from './timer.ts'

export type Memory<Value> = {
  get(name: string): Value | undefined
  set(name: string, value: Value): void
  delete(name: string): void
}

export type MemoryDependencies = {
  readonly timer: Timer
  readonly entries: number
  readonly ms: number
}

export function createMemory<Value>({ timer, entries, ms }: MemoryDependencies): Memory<Value> {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>()
  return {
    get(name) {
      const entry = kept.get(name)
      return entry !== undefined && entry.until > timer.ticks() ? entry.value : undefined
    },
    set(name, value) {
      kept.delete(name)
      kept.set(name, { value, until: timer.ticks() + ms })
      const [oldest] = kept.keys()
      if (kept.size > entries && oldest !== undefined) kept.delete(oldest)
    },
    delete(name) {
      kept.delete(name)
    },
  }
}
