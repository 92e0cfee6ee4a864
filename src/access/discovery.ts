// Where the STUI API keeps its endpoints (OpenID Connect Discovery 1.0, RFC 8414). Only the issuer's address is a setting.

import * as z from 'zod'
import { type Outcome, succeed } from '../outcome.ts'
import { ask, type Fetch, jsonOf } from './stui-api.ts'
import { type AccessFailure, unavailable } from './verifier.ts'

const endpoint = z.url({ protocol: /^https?$/ })

const documentSchema = z.object({
  issuer: z.string(),
  jwks_uri: endpoint,
  token_endpoint: endpoint.optional(),
  introspection_endpoint: endpoint.optional(),
  // Only the panel's sign-in needs it: one that cannot be used must not keep anybody's token from being verified.
  authorization_endpoint: endpoint.optional().catch(undefined),
})

export type Endpoints = z.output<typeof documentSchema>

/** The endpoints that the issuer publishes. */
export async function discover(
  fetch: Fetch,
  issuer: string,
  signal: AbortSignal
): Promise<Outcome<Endpoints, AccessFailure>> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await ask(fetch, { url }, signal)
  if (!answer.ok) return answer
  const json = jsonOf(answer.value)
  if (!json.ok) return json
  const { data } = documentSchema.safeParse(json.value)
  if (data === undefined) return unavailable('the STUI API publishes no usable configuration')
  if (data.issuer !== issuer) return unavailable('the STUI API names another issuer than ours')
  return isSafe(issuer, data)
    ? succeed(data)
    : unavailable('the STUI API publishes an endpoint without TLS')
}

/** Who speaks TLS to the issuer speaks TLS to its endpoints: keys and credentials never cross in the clear. */
function isSafe(issuer: string, endpoints: Endpoints) {
  if (!issuer.startsWith('https:')) return true
  const { jwks_uri, token_endpoint, introspection_endpoint, authorization_endpoint } = endpoints
  return [jwks_uri, token_endpoint, introspection_endpoint, authorization_endpoint].every(
    (url) => url === undefined || url.startsWith('https:')
  )
}
