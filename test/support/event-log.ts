// Keeps what the bridge logs, and lets a test wait for it instead of for time to pass.

import type { BridgeEvent, Log } from '../../local-bridge/events.ts'
import { type Changes, createChanges } from './changes.ts'

type Named<Name extends BridgeEvent['event']> = Extract<BridgeEvent, { readonly event: Name }>

export type EventLog = {
  readonly log: Log
  readonly events: readonly BridgeEvent[]
  of<Name extends BridgeEvent['event']>(name: Name): Named<Name>[]
  /** Resolves with the `count`th event of that name. */
  nth<Name extends BridgeEvent['event']>(name: Name, count: number): Promise<Named<Name>>
  /** Resolves with the first event of one name behind the newest of another that there is now; both may be there already. */
  behind<Name extends BridgeEvent['event']>(
    name: Name,
    other: BridgeEvent['event']
  ): Promise<Named<Name>>
  /** Resolves when `look` gives something that is neither undefined nor false; looks after each event. */
  until: Changes['until']
}

export function createEventLog(): EventLog {
  const events: BridgeEvent[] = []
  const changes = createChanges()

  function of<Name extends BridgeEvent['event']>(name: Name, from = 0): Named<Name>[] {
    return events.slice(from).filter((event): event is Named<Name> => event.event === name)
  }

  return {
    events,
    of,
    log: (event) => {
      events.push(event)
      changes.happened()
    },
    nth: (name, count) => changes.until(() => of(name)[count - 1]),
    behind: (name, other) => {
      const from = events.findLastIndex(({ event }) => event === other) + 1
      return changes.until(() => of(name, from)[0])
    },
    until: changes.until,
  }
}
