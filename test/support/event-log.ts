// Keeps what the bridge logs, and lets a test wait for it instead of for time to pass.

import type { BridgeEvent, Log } from '../../local-bridge/events.ts'
import { createChanges } from './changes.ts'

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
  const changes = createChanges()

  function of<Name extends BridgeEvent['event']>(name: Name): Named<Name>[] {
    return events.filter((event): event is Named<Name> => event.event === name)
  }

  return {
    events,
    of,
    log: (event) => {
      events.push(event)
      changes.happened()
    },
    nth: (name, count) => changes.until(() => of(name)[count - 1]),
  }
}
