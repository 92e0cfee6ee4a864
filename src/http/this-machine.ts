// Where nobody needs a token, everybody who gets through is let in: so only who asks for this machine, from this machine,
// is served. A Worker that was deployed with the settings of a local stack serves nobody, whatever its address is.

import type { Auth } from '../env.ts'

/** Why nobody is served who asks like this; undefined if they are. */
export function beyondThisMachine({ mode }: Auth, { url, headers }: Request): string | undefined {
  if (mode !== 'off') return undefined
  const from = headers.get('cf-connecting-ip')
  const isHere = isThisMachine(new URL(url).hostname) && (from === null || isLoopback(from))
  return isHere ? undefined : ONLY_HERE
}

const ONLY_HERE =
  'STUI_AUTH is off, which serves this machine alone: ask at localhost or 127.0.0.1, or set it to jwt or introspection'

/** True for a host name, as a URL has it, that leads to the machine that asks. Nobody can point it elsewhere. */
export function isThisMachine(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || isLoopback(unwrapped(hostname))
  )
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(address)
}

/** IPv6 has brackets in a URL. */
function unwrapped(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
