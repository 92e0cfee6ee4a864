// What verifies tokens, by the settings: one for each isolate, so that keys and verdicts are shared by its requests.

import { createIntrospectionVerifier } from '../access/introspection-verifier.ts'
import { createJwtVerifier } from '../access/jwt-verifier.ts'
import { LOCAL_PRINCIPAL } from '../access/principal.ts'
import type { Fetch } from '../access/stui-api.ts'
import type { RecallingVerifier } from '../access/verdict-cache.ts'
import type { Clock } from '../clock.ts'
import type { Auth } from '../env.ts'
import { succeed } from '../outcome.ts'

export type Verifiers = (auth: Auth) => RecallingVerifier

/** @example createVerifiers({ clock: systemClock, fetch: (url, init) => fetch(url, init) }) */
export function createVerifiers(parts: {
  readonly clock: Clock
  readonly fetch: Fetch
}): Verifiers {
  const known = new WeakMap<Auth, RecallingVerifier>()
  return (auth) => {
    const verifier = known.get(auth) ?? verifierOf(auth, parts)
    known.set(auth, verifier)
    return verifier
  }
}

function verifierOf(
  auth: Auth,
  parts: { readonly clock: Clock; readonly fetch: Fetch }
): RecallingVerifier {
  switch (auth.mode) {
    case 'off':
      return { verify: everybody, recall: everybody }
    case 'jwt': {
      // Nobody is asked about a single token, so each can be told at any time.
      const { verify } = createJwtVerifier({ ...parts, ...auth })
      return { verify, recall: verify }
    }
    case 'introspection':
      return createIntrospectionVerifier({ ...parts, ...auth })
    default:
      return auth satisfies never
  }
}

/** Where authentication is off no token is looked at. */
const everybody = async () => succeed(LOCAL_PRINCIPAL)
