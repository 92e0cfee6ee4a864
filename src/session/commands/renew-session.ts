// renew_session: the lease alone. What is stored of the state is neither read nor repaired here.

import { isoTime } from '../../clock.ts'
import type { Outcome } from '../../outcome.ts'
import { succeed } from '../../outcome.ts'
import type { Failure } from '../../protocol/failures.ts'
import type { SessionChange, SessionRow } from '../../storage/sessions.ts'
import { reopened } from '../acknowledged.ts'
import { type Context, findSession, type Handler, sessionFields } from '../context.ts'
import { imageFields } from '../image.ts'
import { leased } from '../looking.ts'
import { asUse } from '../usage.ts'

export const renewSession: Handler<'renew_session'> = (parameters, context) => {
  const { store } = context
  const found = findSession(store, parameters.session_id)
  if (!found.ok) return found
  const lease = leaseFor(found.value, parameters.revive ?? false, context)
  if (!lease.ok) return lease
  const change = lease.value
  if (Object.keys(change).length > 0) {
    store.sessions.change(found.value.number, asUse(found.value, change, 'renew_session'))
    context.audit({ action: actionOf(change) })
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

/** A lease that was acknowledged is never refused: a session that ended meanwhile is reopened if it can be, else it rests. */
function leaseFor(
  session: SessionRow,
  mayRevive: boolean,
  context: Context
): Outcome<SessionChange, Failure> {
  const lease = leased(session, mayRevive, context)
  return lease.ok || context.acknowledged === undefined
    ? lease
    : succeed(reopened(session, context))
}

function actionOf({ status }: SessionChange): string {
  if (status === 'active') return 'session_revived'
  return status === 'closed' ? 'session_closed' : 'session_renewed'
}
