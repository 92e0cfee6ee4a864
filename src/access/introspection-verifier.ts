// Asks the STUI API about each token (RFC 7662), so that a revocation counts within the time that a verdict is believed.
// What cannot be asked is refused as unavailable: fail closed.

import * as z from 'zod'
import { succeed } from '../outcome.ts'
import { isToken } from './bearer.ts'
import { checkClaims, type Expected, principalOf } from './claims.ts'
import type { Principal } from './principal.ts'
import { type Answer, API_LIMIT_MS, ask, type Fetch, jsonOf, systemTimeLimit } from './stui-api.ts'
import { cacheVerdicts, type RecallingVerifier, type VerdictCacheOptions } from './verdict-cache.ts'
import { type Access, refuse, unavailable, type Verifier } from './verifier.ts'

/** What the STUI API knows this service by. */
export type ClientCredentials = { readonly id: string; readonly secret: string }

export type IntrospectionOptions = Expected &
  VerdictCacheOptions & {
    readonly introspectionUrl: string
    /** Absent on a developer's machine, which has no secret of the service: there a token asks about itself. */
    readonly credentials?: ClientCredentials
    readonly fetch: Fetch
  }

/** @example createIntrospectionVerifier({ issuer, audience, introspectionUrl, credentials, fetch, clock }) */
export function createIntrospectionVerifier(options: IntrospectionOptions): RecallingVerifier {
  return cacheVerdicts(createIntrospection(options), options)
}

/** Asks anew each time. */
function createIntrospection(options: IntrospectionOptions): Verifier {
  const { fetch, clock, introspectionUrl: url, credentials, limit = systemTimeLimit } = options

  async function verify(token: string): Promise<Access<Principal>> {
    if (!isToken(token)) return refuse('the token is too long or has characters that no token has')
    const question = { url, headers: headersFor(credentials, token), body: bodyFor(token) }
    const answer = await ask(fetch, question, limit(API_LIMIT_MS))
    if (!answer.ok) return answer
    if (credentials === undefined && answer.value.status === 401) return notKnown
    const claims = activeClaims(answer.value)
    if (!claims.ok) return claims
    const checked = checkClaims(claims.value, options, clock.now())
    return checked.ok ? principalOf(claims.value) : checked
  }

  return { verify }
}

const notKnown = refuse('the STUI API does not know the token, or it was revoked')

/** RFC 7662 section 2.2. A refresh token is active too, but it is no access token. */
const verdictSchema = z.looseObject({
  active: z.boolean(),
  token_type: z
    .string()
    .regex(/^(?:bearer|access_token)$/i)
    .nullish()
    .catch('other'),
})

function activeClaims(answer: Answer): Access<unknown> {
  const json = jsonOf(answer)
  if (!json.ok) return json
  const { data } = verdictSchema.safeParse(json.value)
  if (data === undefined) return unavailable('the STUI API gave no usable verdict')
  if (!data.active) return notKnown
  return data.token_type === 'other' ? refuse('the token is no access token') : succeed(data)
}

function bodyFor(token: string): string {
  return new URLSearchParams({ token, token_type_hint: 'access_token' }).toString()
}

function headersFor(credentials: ClientCredentials | undefined, token: string) {
  const authorization =
    credentials === undefined
      ? `Bearer ${token}`
      : `Basic ${btoa(`${formEncoded(credentials.id)}:${formEncoded(credentials.secret)}`)}`
  return { 'content-type': 'application/x-www-form-urlencoded', authorization }
}

/** RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined by a colon. */
function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice('='.length)
}
