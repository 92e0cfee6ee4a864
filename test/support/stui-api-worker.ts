// A Worker that tells what its verifiers think of the token of a request: the verifiers as they are deployed, with
// workerd's own fetch, timers and clock, shared by all requests.

import { readBearer } from '../../src/access/bearer.ts'
import { createIntrospectionVerifier } from '../../src/access/introspection-verifier.ts'
import { createJwtVerifier } from '../../src/access/jwt-verifier.ts'
import type { Verifier } from '../../src/access/verifier.ts'
import { systemClock } from '../../src/clock.ts'

export type VerifyingEnv = {
  readonly ISSUER: string
  readonly AUDIENCE: string
  readonly INTROSPECTION_URL: string
  readonly CLIENT_ID: string
  readonly CLIENT_SECRET: string
}

let known: { readonly '/jwt': Verifier; readonly '/introspection': Verifier } | undefined

export default {
  async fetch(request: Request, env: VerifyingEnv): Promise<Response> {
    known ??= verifiersOf(env)
    const token = readBearer(request.headers.get('authorization'))
    if (!token.ok || token.value === undefined) return Response.json(token)
    const { pathname } = new URL(request.url)
    const verifier = pathname === '/jwt' ? known['/jwt'] : known['/introspection']
    return Response.json(await verifier.verify(token.value))
  },
}

function verifiersOf(env: VerifyingEnv) {
  const common = { issuer: env.ISSUER, audience: env.AUDIENCE, fetch, clock: systemClock }
  return {
    '/jwt': createJwtVerifier(common),
    '/introspection': createIntrospectionVerifier({
      ...common,
      introspectionUrl: env.INTROSPECTION_URL,
      credentials: { id: env.CLIENT_ID, secret: env.CLIENT_SECRET },
    }),
  }
}
