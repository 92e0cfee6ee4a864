// renew_session: the lease alone. What is stored of the state is neither read nor repaired here.

import { isoTime } from '../../clock.ts'
import { succeed } from '../../outcome.ts'
import { findSession, type Handler, sessionFields } from '../context.ts'
import { imageFields } from '../image.ts'
import { leased } from '../looking.ts'

export const renewSession: Handler<'renew_session'> = (parameters, context) => {
  const { store } = context
  const found = findSession(store, parameters.session_id)
  if (!found.ok) return found
  const lease = leased(found.value, parameters.revive ?? false, context)
  if (!lease.ok) return lease
  const change = lease.value
  if (Object.keys(change).length > 0) {
    store.sessions.change(found.value.number, change)
    context.audit({ action: change.status === 'active' ? 'session_revived' : 'session_renewed' })
  }
  const session = { ...found.value, ...change }
  return succeed({
    ...sessionFields(session, context),
    name: session.name,
    revision: session.revision,
    expires_at: isoTime(session.expires_at),
    ...imageFields(session),
  })
}
