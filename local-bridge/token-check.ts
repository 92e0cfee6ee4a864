// Asks the STUI API what it thinks of a token. The token asks about itself: a developer's machine has no secret of the service.

import { discover } from '../src/access/discovery.ts'
import { createIntrospectionVerifier } from '../src/access/introspection-verifier.ts'
import type { Principal } from '../src/access/principal.ts'
import {
  API_LIMIT_MS,
  type Fetch,
  systemTimeLimit,
  type TimeLimit,
} from '../src/access/stui-api.ts'
import { type Access, unavailable } from '../src/access/verifier.ts'
import type { Clock } from '../src/clock.ts'

export type StuiApiAddress = {
  /** The `iss` of its tokens, and the address at which it publishes its endpoints. */
  readonly issuer: string
  /** What the session service is called in the `aud` of its tokens. */
  readonly audience: string
  /** Absent: as the API publishes it. */
  readonly introspectionUrl?: string
}

export type TokenCheckOptions = StuiApiAddress & {
  readonly clock: Clock
  readonly fetch?: Fetch
  readonly limit?: TimeLimit
}

/** Asks anew each time; nothing that it gives is remembered here. */
export type TokenCheck = (token: string) => Promise<Access<Principal>>

const platformFetch: Fetch = (url, request) => fetch(url, request)

/** @example await createTokenCheck({ issuer, audience, clock: systemClock })(token) */
export function createTokenCheck({
  introspectionUrl,
  fetch = platformFetch,
  limit = systemTimeLimit,
  ...expected
}: TokenCheckOptions): TokenCheck {
  let url = introspectionUrl

  async function published(signal: AbortSignal): Promise<Access<string>> {
    const endpoints = await discover(fetch, expected.issuer, signal)
    if (!endpoints.ok) return endpoints
    const { introspection_endpoint: value } = endpoints.value
    if (value === undefined) return unavailable('the STUI API publishes no introspection endpoint')
    url = value
    return { ok: true, value }
  }

  return async (token) => {
    // One limit for both requests: a message that waits for the verdict has a deadline of its own.
    const signal = limit(API_LIMIT_MS)
    const address = url === undefined ? await published(signal) : { ok: true as const, value: url }
    if (!address.ok) return address
    // A fresh verifier remembers no verdict: identity.ts keeps the one that counts, and must be able to ask again at once.
    const verifier = createIntrospectionVerifier({
      ...expected,
      introspectionUrl: address.value,
      fetch,
      limit: () => signal,
    })
    return verifier.verify(token)
  }
}
