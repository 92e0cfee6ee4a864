// Who wants to watch, as the door tells an object with the request for a socket: only requests can carry one.

import type { Caller } from '../protocol/call.ts'

/** Somebody who wants to watch. */
export type Watch = {
  readonly caller: Caller
  /** The client to watch; absent for the caller's whole team. */
  readonly client_id?: string
  /** The last sequence that was heard; absent means from now on. */
  readonly after?: number
  /** When the socket is closed, in epoch milliseconds, and whether that is the end of the token. */
  readonly until: number
  readonly untilTokenEnds: boolean
}

/** Nobody but the door reaches an object, so nobody else can write this header. */
const HEADER = 'x-stui-watch'

/** The request for a socket, as an object takes it. */
export function watchRequest(watch: Watch): Request {
  const headers = {
    upgrade: 'websocket',
    [HEADER]: encodeURIComponent(JSON.stringify(watch)),
  }
  return new Request('http://object/events', { headers })
}

/** What the door wrote. */
export function watchOf({ headers }: Request): Watch {
  return JSON.parse(decodeURIComponent(headers.get(HEADER) ?? '')) as Watch
}

/** Whose events these are. */
export function sourceOf({ client_id, caller }: Pick<Watch, 'client_id' | 'caller'>): string {
  return client_id === undefined ? `/teams/${caller.team}` : `/clients/${client_id}`
}
