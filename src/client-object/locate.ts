// Which object a command is for. Forged ids and clients that may not be here stop before any object is touched.

import type { Settings } from '../env.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { JsonObject } from '../protocol/command.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { makesSession } from '../protocol/registry.ts'
import { isAllowed } from '../session/limits.ts'
import { routeOf, verifiedRoute } from '../session/session-id.ts'

/** The route to the object of a client or of a session; both must agree where both are given. */
export function locate(
  command: string,
  { client_id, session_id }: JsonObject,
  team: string,
  { secrets, limits }: Pick<Settings, 'secrets' | 'limits'>
): Outcome<string, Failure> {
  const isClient = typeof client_id === 'string'
  if (isClient && !isAllowed(limits.clients, client_id)) {
    return fail({ reason: 'client_not_allowed', client_id })
  }
  const byClient = isClient ? routeOf({ team, client_id }) : undefined
  if (typeof session_id !== 'string' || makesSession(command)) {
    return byClient === undefined ? notFound() : succeed(byClient)
  }
  const bySession = verifiedRoute(session_id, secrets)
  if (bySession === undefined) return notFound()
  return byClient === undefined || byClient === bySession ? succeed(bySession) : notFound()
}

function notFound() {
  return fail({ reason: 'session_not_found' })
}
