// Tokens that are good, and what time does to them. Forged ones are in forged-tokens.test.ts, keys in key-set.test.ts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIGNING_ALGORITHMS } from '../../local-bridge/stack/stui-api/keys.ts'
import { TOKEN_LIFETIME_S } from '../../local-bridge/stack/stui-api/tokens.ts'
import { isoTime } from '../../src/clock.ts'
import { SECOND } from '../support/fixed-clock.ts'
import { type ApiClient, startApiClient } from '../support/stui-api-client.ts'

let client: ApiClient

beforeAll(async () => {
  client = await startApiClient()
})

afterAll(() => client.api.stop())

describe('A JSON Web Token', () => {
  it.each(SIGNING_ALGORITHMS)('signed with %s tells who asks', async (alg) => {
    const { api, clock } = client
    const token = await api.issueToken('priya', { alg })
    expect(await client.jwtVerifier().verify(token)).toEqual({
      ok: true,
      value: {
        subject: 'user-priya',
        team: 'atelier',
        role: 'member',
        client_ids: [],
        tier: 'pro',
        features: [],
        expires_at: clock.now() + TOKEN_LIFETIME_S * SECOND,
      },
    })
  })

  it('is verified with the issuer’s address alone, by discovery', async () => {
    const token = await client.api.issueToken('olga')
    const verified = await client.jwtVerifier({ discovered: true }).verify(token)
    expect(verified).toMatchObject({ ok: true, value: { team: 'outpost', role: 'admin' } })
  })

  it.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt', undefined])(
    'may be of type %s',
    async (typ) => {
      const token = await client.api.issueToken('frida', { header: { typ } })
      expect(await client.jwtVerifier().verify(token)).toMatchObject({ ok: true })
    }
  )

  it('may be for several audiences', async () => {
    const claims = { aud: ['elsewhere', client.api.audience] }
    const token = await client.api.issueToken('frida', { claims })
    expect(await client.jwtVerifier().verify(token)).toMatchObject({ ok: true })
  })

  it('goes on for 60 seconds past its end, as clocks differ, and not a second longer', async () => {
    const { api, clock } = client
    const token = await api.issueToken('frida')
    const verifier = client.jwtVerifier()
    const end = clock.now() + TOKEN_LIFETIME_S * SECOND
    clock.advance(TOKEN_LIFETIME_S * SECOND + 59 * SECOND)
    expect(await verifier.verify(token)).toMatchObject({ ok: true })
    clock.advance(SECOND)
    expect(await verifier.verify(token)).toEqual({
      ok: false,
      failure: { reason: 'token_expired', expired_at: isoTime(end) },
    })
  })

  it('counts 60 seconds before its beginning, and not a second earlier', async () => {
    const { api, clock } = client
    const nbf = clock.now() / SECOND + 61
    const token = await api.issueToken('frida', { claims: { nbf } })
    const verifier = client.jwtVerifier()
    expect(await verifier.verify(token)).toMatchObject({
      failure: { reason: 'unauthenticated', detail: 'the token is not valid yet' },
    })
    clock.advance(SECOND)
    expect(await verifier.verify(token)).toMatchObject({ ok: true })
  })

  it('costs no request of its own', async () => {
    const { api } = client
    const verifier = client.jwtVerifier()
    const before = api.requests('/jwks')
    for (const user of ['frida', 'priya', 'enzo'] as const) {
      expect(await verifier.verify(await api.issueToken(user))).toMatchObject({ ok: true })
    }
    expect(api.requests('/jwks')).toBe(before + 1)
    expect(api.requests('/introspect')).toBe(0)
  })
})
