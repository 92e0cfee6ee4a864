// Where nobody needs a token, a page of anybody's could send commands to this machine: a browser does not ask before it
// sends a simple POST or opens a socket. Only pages that this service served itself may. With tokens there is nothing to
// guard: no page has a token but one that was given it.

import type { Auth } from '../env.ts'
import type { Failure } from '../protocol/failures.ts'
import { isThisMachine } from './this-machine.ts'

/** Why this request is not taken; undefined if it is. Programs send no Origin. */
export function foreignPage({ mode }: Auth, request: Request): Failure | undefined {
  const origin = request.headers.get('origin')
  if (mode !== 'off' || origin === null || isOwn(origin, request)) return undefined
  return {
    reason: 'forbidden',
    detail: 'a page of another site may not use a service that asks for no token',
  }
}

/** The same host, and one whose name nobody can point elsewhere for a moment (DNS rebinding). */
function isOwn(origin: string, { url, headers }: Request): boolean {
  if (!URL.canParse(origin)) return false
  const { host, hostname } = new URL(origin)
  return host === (headers.get('host') ?? new URL(url).host) && isThisMachine(hostname)
}
