// What those hear who watch a client: its events, if they may see it.

import type { Clock } from '../clock.ts'
import { createEventStream, type EventStream, type Watched } from '../events/event-stream.ts'
import { callerOf, type Opening } from '../events/watch.ts'
import type { Call } from '../protocol/call.ts'
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
    maySee: (watch) => {
      const owner = store.clients.find()
      const caller = callerOf(watch)
      return owner !== undefined && maySee(owner, caller, watch.client_id, { admins: true })
    },
    told: ({ client_id = '' }, row) => told(client_id, row),
  }
  return createEventStream({ ...rest, watched })
}

/** An opening as the command that asks for the same: it takes a token, and the audit log notes who watches what. */
export function callOf({ watch, from }: Opening): Call {
  const { client_id, request_id } = watch
  const parameters = { client_id, limit: 1 }
  return { command: 'get_events', parameters, caller: callerOf(watch), from, request_id }
}
