// Waiting without polling: whoever changes something says so, and whoever waits for it looks again.

export type Changes = {
  /** To be called after each change. */
  happened(): void
  /** Resolves with what `look` gives, as soon as that is neither undefined nor false. Looks at once, then after each change. */
  until<Found>(look: () => Found | undefined | false): Promise<Found>
}

/** @example const changes = createChanges(); await changes.until(() => heard.length >= 3) */
export function createChanges(): Changes {
  const watchers = new Set<() => void>()
  return {
    happened: () => {
      for (const watcher of watchers) watcher()
    },
    until: (look) =>
      new Promise((resolve) => {
        const watcher = () => {
          const found = look()
          if (found === undefined || found === false) return
          watchers.delete(watcher)
          resolve(found)
        }
        watchers.add(watcher)
        watcher()
      }),
  }
}
