// Work that a bridge acknowledged while the service was out of reach, and delivers now. The client was told that it is
// safe, so it is never refused for what happened meanwhile: it finds a place, or becomes a session of its own.

import type { Outcome } from '../outcome.ts'
import type { Call } from '../protocol/call.ts'
import type { JsonObject } from '../protocol/command.ts'
import type { Failure } from '../protocol/failures.ts'
import { isOfflineWork } from '../protocol/offline-work.ts'
import { makesSession } from '../protocol/registry.ts'
import type { Owner } from '../storage/clients.ts'
import type { SessionChange, SessionRow } from '../storage/sessions.ts'
import { type Context, findActive, findSession } from './context.ts'
import type { Earlier, Request } from './idempotency.ts'
import { mayOpenAnother, revived, statusAt } from './rules.ts'

type Expected = {
  readonly if_revision?: number | undefined
  readonly on_conflict?: 'error' | 'copy' | undefined
}

/** The same work for the session that it goes to by now; what tells it from other requests is the message as it came. */
export function redirected(call: Call): Call {
  const target = call.acknowledged?.target
  const isWork = !makesSession(call.command) && isOfflineWork(call.command, call.parameters)
  if (target === undefined || !isWork) return call
  return { ...call, parameters: { ...call.parameters, session_id: target } }
}

/** Finds the session that a change is for: an active one; for acknowledged work any one that is kept. */
export function findForChange(context: Context, sessionId: string): Outcome<SessionRow, Failure> {
  if (context.acknowledged === undefined) return findActive(context, sessionId)
  return findSession(context.store, sessionId)
}

/** What the change expects of the session. The bridge has checked the message's own condition when it acknowledged it. */
export function expectation({ acknowledged }: Context, given: Expected): Expected {
  const { if_revision, on_conflict } = given
  if (acknowledged === undefined) return { if_revision, on_conflict }
  return { if_revision: acknowledged.base_revision, on_conflict: 'copy' }
}

/** What becomes of a lease that ended before the work arrived: renewed if an active session is to spare, else closed. */
export function reopened(session: SessionRow, { store, limits, now }: Context): SessionChange {
  if (statusAt(session, now) !== 'expired') return {}
  if (mayOpenAnother(store.sessions.active(now), limits).ok) return revived(session, now)
  const sequence = session.sequence + 1
  return { status: 'closed', closed_at: now, close_reason: 'no active session to spare', sequence }
}

/** The id that the client was told for a new session; undefined if it cannot be had. */
export function promisedId({ acknowledged, ids, store }: Context, owner: Owner) {
  const id = acknowledged?.session_id
  if (id === undefined || !ids.isOf(owner, id) || store.sessions.isTaken(id)) return undefined
  return id
}

/** True if an earlier answer that opened a session, or a copy of one, names another than the client was told. */
export function isSuperseded({ acknowledged }: Context, earlier: JsonObject): boolean {
  const promised = acknowledged?.session_id
  const hasOpened = earlier.capabilities !== undefined || earlier.conflict !== undefined
  return promised !== undefined && hasOpened && earlier.session_id !== promised
}

/**
 * The session of an earlier answer that nobody heard of: it was an answer to the same delivery, which has told its client
 * another id, and the session is as it was made. It goes once the creation has succeeded, and never before.
 */
export function unheardOf(
  { store }: Context,
  { delivery }: Pick<Request, 'delivery'>,
  earlier: Earlier
): SessionRow | undefined {
  if (delivery === '' || delivery !== earlier.delivery) return undefined
  const made = store.sessions.find(String(earlier.result.session_id))
  return made?.revision === 1 ? made : undefined
}

/** The active sessions that count where another one is to be opened. */
export function activeBeside({ store, now, replaced }: Context): readonly SessionRow[] {
  return store.sessions.active(now).filter(({ number }) => number !== replaced?.number)
}
