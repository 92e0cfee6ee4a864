// Who wants to watch a client, as the door tells the object with the request for a socket: only requests can carry one.

import type { Caller } from '../protocol/call.ts'

/** Somebody who wants to watch. */
export type Watch = {
  readonly caller: Caller
  readonly client_id: string
  /** The last sequence that was heard; absent means from now on. */
  readonly after?: number
  /** When the socket is closed, in epoch milliseconds, and whether that is the end of the token. */
  readonly until: number
  readonly untilTokenEnds: boolean
}

/** Nobody but the door reaches an object, so nobody else can write this header. */
const HEADER = 'x-stui-watch'

export function watchHeaders(watch: Watch): Record<string, string> {
  return { [HEADER]: encodeURIComponent(JSON.stringify(watch)) }
}

/** What the door wrote. */
export function watchOf(headers: Headers): Watch {
  return JSON.parse(decodeURIComponent(headers.get(HEADER) ?? '')) as Watch
}
