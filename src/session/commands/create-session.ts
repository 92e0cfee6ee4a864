// create_session: the first one makes the client's object; every one counts against its limits.

import { isoTime } from '../../clock.ts'
import { succeed } from '../../outcome.ts'
import type { Component } from '../../protocol/components.ts'
import { type Failure, fail } from '../../protocol/failures.ts'
import { CAPABILITIES } from '../../protocol/limits.ts'
import { SESSION_BYTES, type SessionRow } from '../../storage/sessions.ts'
import { activeBeside } from '../acknowledged.ts'
import { type Context, type Handler, sessionFields } from '../context.ts'
import { admitted, saveClient } from '../creations.ts'
import { imageFields } from '../image.ts'
import { noteInspectors } from '../note-origins.ts'
import { openSession } from '../open-session.ts'
import { inherited, NOTHING_INHERITED } from '../preferences.ts'
import { freshOrigins, type Origins } from '../registry-epoch.ts'
import { bytesOf, hasRoom } from '../room.ts'
import { mayOpenAnother, timeUntilExpiry } from '../rules.ts'
import { givenState } from '../state.ts'
import { contents, fits } from '../write-revision.ts'

type Asked = Parameters<Handler<'create_session'>>[0]

export const createSession: Handler<'create_session'> = (parameters, context) =>
  newSession(parameters, context, { cause: 'create_session', inherits: true })

type Making = {
  readonly cause: string
  readonly origins?: Origins
  /** True if it begins with what the client's other sessions have. */
  readonly inherits?: boolean
}

/**
 * Creates a session for whichever command asks for it: the same limits, the same answer. One that a bridge has
 * acknowledged is kept closed where no active session is to spare, and is created once under its id however it is sent.
 */
export function newSession(
  parameters: Asked,
  context: Context,
  { cause, origins = {}, inherits = false }: Making
): ReturnType<Handler<'create_session'>> {
  const { store, limits, acknowledged } = context
  const session_id = parameters.session_id ?? acknowledged?.session_id
  const known = session_id === undefined ? undefined : store.sessions.find(session_id)
  if (known !== undefined && acknowledged !== undefined) return succeed(created(known, [], context))
  const refused = refusedId(session_id, parameters.client_id, context)
  if (refused !== undefined) return fail(refused)
  const room = mayOpenAnother(activeBeside(context), limits)
  if (!room.ok && acknowledged === undefined) return room
  const given = givenState(parameters, context.warn)
  if (!given.ok) return given
  const own = contents(given.value)
  const begun = inherits ? inherited(own, context) : NOTHING_INHERITED
  const changes = new Map([...own, ...begun])
  const size = fits({}, changes, limits, '')
  if (!size.ok) return size
  const stored = hasRoom(context, bytesOf(changes) + SESSION_BYTES)
  if (!stored.ok) return stored
  const client = admitted(parameters.client_id, context)
  if (!client.ok) return client

  saveClient(client.value, context)
  const session = openSession(context, {
    ...parameters,
    session_id,
    owner: client.value,
    changes,
    cause,
    status: room.ok ? 'active' : 'closed',
    origin: origins.object_registry,
  })
  const origin = { ...freshOrigins(context, session.image_id), ...origins }
  noteInspectors(context, session, session.revision, changes, origin)
  return succeed(created(session, [...begun.keys()], context))
}

function created(session: SessionRow, begun: readonly Component[], context: Context) {
  const { limits, now } = context
  return {
    ...sessionFields(session, context),
    expires_at: isoTime(session.expires_at),
    time_until_expiry: timeUntilExpiry(session, now),
    capabilities: [...CAPABILITIES],
    client_isolation: 'enabled' as const,
    max_concurrent_clients: limits.activeSessions,
    revision: session.revision,
    name: session.name,
    inherited: [...begun],
    ...imageFields(session),
  }
}

/** An id minted elsewhere must be authentic, of this client, and new. */
function refusedId(
  sessionId: string | undefined,
  client_id: string,
  { store, ids, caller }: Context
): Failure | undefined {
  if (sessionId === undefined) return undefined
  const path = 'session_id'
  if (!ids.isOf({ team: caller.team, client_id }, sessionId)) {
    return { reason: 'invalid_parameter', path, detail: 'it was not minted for this client' }
  }
  if (store.sessions.isTaken(sessionId)) {
    return { reason: 'invalid_parameter', path, detail: 'a session with this id exists already' }
  }
  return undefined
}
