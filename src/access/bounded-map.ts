// A map that forgets what was used least recently, so that strangers cannot fill the memory.

export type BoundedMap<Value> = {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

/** @example const verdicts = boundedMap<Verdict>(10_000) */
export function boundedMap<Value>(capacity: number): BoundedMap<Value> {
  // A Map keeps the order of insertion: its first key is the one that was used least recently.
  const entries = new Map<string, Value>()

  function put(key: string, value: Value) {
    entries.delete(key)
    entries.set(key, value)
  }

  return {
    get: (key) => {
      const value = entries.get(key)
      if (value !== undefined) put(key, value)
      return value
    },
    set: (key, value) => {
      put(key, value)
      const oldest = entries.keys().next()
      if (entries.size > capacity && !oldest.done) entries.delete(oldest.value)
    },
    delete: (key) => {
      entries.delete(key)
    },
  }
}
