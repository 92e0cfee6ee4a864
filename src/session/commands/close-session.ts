// close_session: soft. The data stays until retention ends; restore_session with revive brings it back.

import { isoTime } from '../../clock.ts'
import { succeed } from '../../outcome.ts'
import { findSession, type Handler } from '../context.ts'
import { requireActive, restorableUntil, statusAt } from '../rules.ts'
import { asUse } from '../usage.ts'

export const closeSession: Handler<'close_session'> = (
  parameters,
  { store, limits, now, client_id }
) => {
  const found = findSession(store, parameters.session_id)
  if (!found.ok) return found
  const session = found.value
  if (statusAt(session, now) === 'closed') {
    const refused = requireActive(session, now, limits)
    if (!refused.ok) return refused
  }

  const change = {
    status: 'closed',
    closed_at: now,
    close_reason: parameters.reason ?? null,
    last_activity: now,
    sequence: session.sequence + 1,
  } as const
  store.sessions.change(session.number, asUse(session, change, 'close_session'))
  return succeed({
    session_id: session.session_id,
    client_id,
    closed: true,
    closed_at: isoTime(now),
    restorable_until: restorableUntil({ ...session, ...change }, limits),
  })
}
