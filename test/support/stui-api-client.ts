// What a test needs to verify tokens against the small STUI API: a clock, a limit that it fires by hand, and verifiers.

import { createIntrospectionVerifier } from '../../src/access/introspection-verifier.ts'
import { createJwtVerifier } from '../../src/access/jwt-verifier.ts'
import type { Fetch, TimeLimit } from '../../src/access/stui-api.ts'
import type { RecallingVerifier, VerdictCacheOptions } from '../../src/access/verdict-cache.ts'
import type { Verifier } from '../../src/access/verifier.ts'
import { type FixedClock, fixedClock } from './fixed-clock.ts'
import { startTestApi, type TestApi } from './stui-api.ts'

/** The platform's own fetch. */
export const platformFetch: Fetch = (url, request) => fetch(url, request)

export type HandLimit = {
  readonly limit: TimeLimit
  /** Lets all time that was limited so far be over. */
  expire(): void
}

export function handLimit(): HandLimit {
  const waiting = new Set<AbortController>()
  return {
    limit: () => {
      const controller = new AbortController()
      waiting.add(controller)
      return controller.signal
    },
    expire: () => {
      for (const controller of waiting) controller.abort()
      waiting.clear()
    },
  }
}

export type ApiClient = HandLimit & {
  readonly api: TestApi
  readonly clock: FixedClock
  jwtVerifier(options?: { readonly discovered?: boolean }): Verifier
  introspectionVerifier(
    options?: Partial<VerdictCacheOptions> & {
      readonly asItself?: boolean
      readonly fetch?: Fetch
    }
  ): RecallingVerifier
}

/** Starts the API with a clock that stands still. Stop it after the tests. */
export async function startApiClient(): Promise<ApiClient> {
  const clock = fixedClock()
  const api = await startTestApi({ clock })
  const { issuer, audience, introspectionUrl, jwksUrl, credentials } = api
  const hand = handLimit()
  const common = { issuer, audience, fetch: platformFetch, clock, limit: hand.limit }
  return {
    ...hand,
    api,
    clock,
    jwtVerifier: ({ discovered = false } = {}) =>
      createJwtVerifier(discovered ? common : { ...common, jwksUrl }),
    introspectionVerifier: ({ asItself = false, ...options } = {}) =>
      createIntrospectionVerifier({
        ...common,
        introspectionUrl,
        ...(!asItself && { credentials }),
        ...options,
      }),
  }
}
