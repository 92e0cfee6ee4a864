// get_session_info: everything but the state, and the state if it is asked for: then without renewing a lease.

import { isoTime } from '../../clock.ts'
import { succeed } from '../../outcome.ts'
import { findSession, type Handler, sessionFields } from '../context.ts'
import { imageFields } from '../image.ts'
import { isOrphanedSession, knownImages, warnIfOrphaned } from '../images.ts'
import { componentsOf, manifestOf } from '../manifest.ts'
import { readState } from '../read-state.ts'
import { restorableUntil, statusAt, timeUntilExpiry } from '../rules.ts'
import { staleParts } from '../staleness.ts'
import { usageOf } from '../usage.ts'

export const getSessionInfo: Handler<'get_session_info'> = (parameters, context) => {
  const { store, limits, isCopy, now } = context
  const found = findSession(store, parameters.session_id)
  if (!found.ok) return found
  const session = found.value
  const status = statusAt(session, now)
  const manifest = manifestOf(store, session.number, session.revision)
  const state = readState(store, session, manifest, parameters.state === true ? undefined : [])
  if (!state.ok) return state
  warnIfOrphaned(context, session)
  return succeed({
    ...sessionFields(session, context),
    time_until_expiry: timeUntilExpiry(session, now),
    is_expired: status === 'expired',
    name: session.name,
    status,
    expires_at: isoTime(session.expires_at),
    restorable_until: restorableUntil(session, limits),
    revision: session.revision,
    state_bytes: session.state_bytes,
    stored_bytes: session.stored_bytes,
    components: Object.fromEntries(
      componentsOf(manifest).flatMap((name) => {
        const entry = manifest[name]
        return entry === undefined ? [] : [[name, entry]]
      })
    ),
    client_info: JSON.parse(session.client_info) as Record<string, unknown>,
    ...imageFields(session),
    orphaned: isOrphanedSession(session, knownImages(context, [session.image_id]), now),
    ...(!isCopy && { usage: usageOf(session) }),
    ...staleParts(context, session, manifest),
    ...Object.fromEntries(state.value.texts),
  })
}
