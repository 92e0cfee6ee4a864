// get_events: one page of what changed since a sequence. Writes nothing and renews nothing.

import { succeed } from '../../outcome.ts'
import { isMissed } from '../../protocol/event.ts'
import { DEFAULT_PAGE } from '../../protocol/limits.ts'
import type { Handler } from '../context.ts'
import { told } from '../events.ts'

export const getEvents: Handler<'get_events'> = (
  { after = 0, limit = DEFAULT_PAGE },
  { store, client_id }
) => {
  const kept = store.events.range()
  const rows = store.events.after(after, limit)
  return succeed({
    client_id,
    events: rows.map((row) => told(client_id, row)),
    next_after: rows.at(-1)?.sequence ?? kept.newest,
    latest: kept.newest,
    missed: isMissed(after, kept),
  })
}
