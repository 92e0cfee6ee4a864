// Keeps what the bridge logs, and lets a test wait for it instead of for time to pass.

import type { BridgeEvent, Log } from '../../local-bridge/events.ts'

type Named<Name extends BridgeEvent['event']> = Extract<BridgeEvent, { readonly event: Name }>

export type EventLog = {
  readonly log: Log
  readonly events: readonly BridgeEvent[]
  of<Name extends BridgeEvent['event']>(name: Name): Named<Name>[]
  /** Resolves with the `count`th event of that name. */
  nth<Name extends BridgeEvent['event']>(name: Name, count: number): Promise<Named<Name>>
}

export function createEventLog(): EventLog {
  const events: BridgeEvent[] = []
  const watchers = new Set<() => void>()

  function of<Name extends BridgeEvent['event']>(name: Name): Named<Name>[] {
    return events.filter((event): event is Named<Name> => event.event === name)
  }

  return {
    events,
    of,
    log: (event) => {
      events.push(event)
      for (const watcher of watchers) watcher()
    },
    nth: (name, count) =>
      new Promise((resolve) => {
        const look = () => {
          const found = of(name)[count - 1]
          if (found === undefined) return
          watchers.delete(look)
          resolve(found)
        }
        watchers.add(look)
        look()
      }),
  }
}
