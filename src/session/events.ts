// Notes what changed for those who watch: one event for each session that a command touched, in the same transaction.
// Derived from the rows themselves, so that no command can forget it.

import { isoTime } from '../clock.ts'
import { type Event, type EventType, eventTypeOf, makeEvent } from '../protocol/event.ts'
import type { EventRow } from '../storage/events.ts'
import type { Store } from '../storage/store.ts'
import type { Limits } from './limits.ts'

/** Events are forgotten so many at a time. */
const FORGET_EVERY = 64

/** Writes the events of everything that was touched since the last call. */
export function noteEvents(store: Store, { eventsKept }: Pick<Limits, 'eventsKept'>, now: number) {
  for (const [number, touch] of store.sessions.takeTouched()) {
    const type = eventTypeOf({ isNew: touch.isNew, ...touch.changed })
    if (type === undefined) continue
    const sequence = store.events.append({ at: now, type, session: number })
    if (sequence > 0 && sequence % FORGET_EVERY === 0)
      store.events.deleteUpTo(sequence - eventsKept)
  }
}

/** An event as subscribers get it. */
export function told(client_id: string, row: EventRow): Event {
  return makeEvent({
    source: `/clients/${client_id}`,
    type: row.type as EventType,
    time: isoTime(row.at),
    sequence: row.sequence,
    data: {
      client_id,
      session_id: row.session_id,
      status: row.status as Event['data']['status'],
      revision: row.revision,
      state_bytes: row.state_bytes,
      expires_at: isoTime(row.expires_at),
      image_id: row.image_id,
    },
  })
}
