// What those hear who watch a client: its events, if they may see it.

import type { Clock } from '../clock.ts'
import { createEventStream, type EventStream, type Watched } from '../events/event-stream.ts'
import { told } from '../session/events.ts'
import { maySee } from '../session/whose.ts'
import type { EventRow } from '../storage/events.ts'
import type { Store } from '../storage/store.ts'

export function createClientStream(parts: {
  readonly sockets: DurableObjectState
  readonly store: Store
  readonly clock: Clock
}): EventStream {
  const { store, ...rest } = parts
  const watched: Watched<EventRow> = {
    range: () => store.events.range(),
    after: (sequence, limit) => store.events.after(sequence, limit),
    maySee: ({ caller, client_id }) => {
      const owner = store.clients.find()
      return owner !== undefined && maySee(owner, caller, client_id, { admins: true })
    },
    told: ({ client_id = '' }, row) => told(client_id, row),
  }
  return createEventStream({ ...rest, watched })
}
