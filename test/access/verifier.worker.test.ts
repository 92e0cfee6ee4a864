// The verifiers inside workerd: its own cryptography, keys and answers through a fetch that is passed in.

import { describe, expect, it } from 'vitest'
import { createSigningKeys, SIGNING_ALGORITHMS } from '../../local-bridge/stack/stui-api/keys.ts'
import { CREDENTIALS, createRoutes } from '../../local-bridge/stack/stui-api/routes.ts'
import { AUDIENCE, createTokens } from '../../local-bridge/stack/stui-api/tokens.ts'
import { createIntrospectionVerifier } from '../../src/access/introspection-verifier.ts'
import { createJwtVerifier } from '../../src/access/jwt-verifier.ts'
import type { Fetch } from '../../src/access/stui-api.ts'
import { fixedClock, MINUTE } from '../support/fixed-clock.ts'

const ISSUER = 'https://stui.test'

/** The STUI API without its socket. */
async function startApi() {
  const clock = fixedClock()
  const keys = await createSigningKeys()
  const tokens = createTokens(ISSUER, keys, clock)
  const routes = createRoutes(ISSUER, keys, tokens)
  const owners = new Set<unknown>()
  // workerd's own fetch refuses to be called as a method: "Illegal invocation".
  async function routed(this: unknown, ...[url, request]: Parameters<Fetch>) {
    owners.add(this)
    const { method, headers, body = '' } = request
    const form = new URLSearchParams(body)
    const { authorization = '' } = headers
    const asked = { method, path: new URL(url).pathname, authorization, form }
    const { status, json } = await routes(asked)
    return Response.json(json, { status })
  }
  return { clock, keys, tokens, owners, fetch: routed satisfies Fetch }
}

describe('In workerd, a JSON Web Token', () => {
  it.each(SIGNING_ALGORITHMS)('signed with %s tells who asks', async (alg) => {
    const { clock, tokens, fetch, owners } = await startApi()
    const verifier = createJwtVerifier({ issuer: ISSUER, audience: AUDIENCE, fetch, clock })
    const verified = await verifier.verify(await tokens.issue('priya', { alg }))
    expect(verified).toMatchObject({ ok: true, value: { team: 'atelier', tier: 'pro' } })
    expect([...owners]).toEqual([undefined])
  })

  it('that was changed, has ended or is signed with a secret is refused', async () => {
    const { clock, tokens, fetch } = await startApi()
    const verifier = createJwtVerifier({ issuer: ISSUER, audience: AUDIENCE, fetch, clock })
    const token = await tokens.issue('frida')
    const [header, , signature] = token.split('.')
    const claims = btoa('{"sub":"user-enzo","team":"atelier"}').replaceAll('=', '')
    expect(await verifier.verify(`${header}.${claims}.${signature}`)).toMatchObject({
      failure: { reason: 'unauthenticated', detail: 'the signature of the token is wrong' },
    })
    const mac = btoa('{"alg":"HS256","kid":"1"}').replaceAll('=', '')
    expect(await verifier.verify(`${mac}.${claims}.${signature}`)).toMatchObject({
      failure: { reason: 'unauthenticated' },
    })
    clock.advance(16 * MINUTE)
    expect(await verifier.verify(token)).toMatchObject({ failure: { reason: 'token_expired' } })
  })
})

describe('In workerd, a token that is asked about', () => {
  it('tells who asks until it is revoked', async () => {
    const { clock, tokens, fetch } = await startApi()
    const verifier = createIntrospectionVerifier({
      ...{ issuer: ISSUER, audience: AUDIENCE, fetch, clock, credentials: CREDENTIALS },
      introspectionUrl: `${ISSUER}/introspect`,
    })
    const token = await tokens.issue('olga')
    expect(await verifier.verify(token)).toMatchObject({ ok: true, value: { team: 'outpost' } })
    tokens.revoke(token)
    clock.advance(MINUTE)
    expect(await verifier.verify(token)).toMatchObject({ failure: { reason: 'unauthenticated' } })
  })
})
