// Who wants to watch, as the door tells an object with the request for a socket: only requests can carry one. It is small,
// because it is kept with the socket: instead of all that the credentials cover it says whether they cover what is watched.

import type { Caller } from '../protocol/call.ts'
import type { Failure } from '../protocol/failures.ts'

/** Somebody who watches. */
export type Watch = {
  readonly team: string
  readonly subject: string
  readonly role: 'member' | 'admin'
  /** True if the credentials cover the client, or for a whole team each of its clients. */
  readonly covers: boolean
  /** The client to watch; absent for the whole team. */
  readonly client_id?: string
  /** The last sequence that was heard; absent means from now on. */
  readonly after?: number
  /** When the socket is closed, in epoch milliseconds, and whether that is the end of the token. */
  readonly until: number
  readonly untilTokenEnds: boolean
  /** Finds the opening in the log. */
  readonly request_id: string
}

/** A request for a socket, and the network address that it came from. */
export type Opening = { readonly watch: Watch; readonly from: string }

/** Nobody but the door reaches an object, so nobody else can write this header. */
const HEADER = 'x-stui-watch'

/** The request for a socket, as an object takes it. */
export function openingRequest(opening: Opening): Request {
  const headers = {
    upgrade: 'websocket',
    [HEADER]: encodeURIComponent(JSON.stringify(opening)),
  }
  return new Request('http://object/events', { headers })
}

/** What the door wrote. */
export function openingOf({ headers }: Request): Opening {
  return JSON.parse(decodeURIComponent(headers.get(HEADER) ?? '')) as Opening
}

/** No socket: the object says why. */
export function notOpened(failure: Failure): Response {
  return Response.json(failure, { status: 403 })
}

/** Why an object opened no socket. */
export function whyNotOpened(response: Response): Promise<Failure> {
  return response.json<Failure>()
}

/** No client has this id, so an entry that is it covers none. */
const NO_CLIENT = ''

/** The watcher as everybody who asks: of the clients only the one that is watched counts. */
export function callerOf({ team, subject, role, covers }: Watch): Caller {
  return { team, subject, role, client_ids: covers ? [] : [NO_CLIENT] }
}

/** Whose events these are. */
export function sourceOf({ client_id, team }: Pick<Watch, 'client_id' | 'team'>): string {
  return client_id === undefined ? `/teams/${team}` : `/clients/${client_id}`
}
