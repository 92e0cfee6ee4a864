// Finds a client's object: the one place that names its binding and casts its stub.

import type { Env } from '../env.ts'
import { type Opening, openingRequest } from '../events/watch.ts'
import type { Answering, Call, Reply } from '../protocol/call.ts'
import { findCommand } from '../protocol/registry.ts'
import { routeOf } from '../session/session-id.ts'

/** Opens a socket to the object behind a route, for somebody whom the door has let in. */
export function watchClient(env: Env, route: string, opening: Opening): Promise<Response> {
  return env.CLIENTS.getByName(route).fetch(openingRequest(opening))
}

/** Tells a client's object that its team is watched until then, in epoch milliseconds; true if it noted that. */
export function rouseClient(
  env: Env,
  client: { readonly team: string; readonly client_id: string },
  until: number
): Promise<boolean> {
  const stub = env.CLIENTS.getByName(routeOf(client)) as unknown as Rousable
  return stub.rouse(until)
}

type Rousable = { rouse(until: number): Promise<boolean> }

/** The object behind a route; locate.ts makes routes. */
export function clientObject(env: Env, route: string): Answering {
  const fresh = () => env.CLIENTS.getByName(route) as unknown as Answering
  return { execute: (call) => executeOnce(fresh, call) }
}

/**
 * Calls the object, and once more through a fresh stub if the platform says that this may help.
 * A command that changes something is only sent again if the object can tell that it is the same one.
 */
export async function executeOnce(fresh: () => Answering, call: Call): Promise<Reply> {
  try {
    return await fresh().execute(call)
  } catch (error) {
    if (!isRetryable(error) || !mayRepeat(call)) throw error
    return fresh().execute(call)
  }
}

function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const told = error as Error & { readonly retryable?: boolean; readonly overloaded?: boolean }
  return told.retryable === true && told.overloaded !== true
}

function mayRepeat({ command, message_id, idempotency_key, delivery_id }: Call): boolean {
  if (findCommand(command)?.mutates !== true) return true
  const hasId = message_id !== undefined && message_id !== 'null'
  return hasId || idempotency_key !== undefined || delivery_id !== undefined
}
