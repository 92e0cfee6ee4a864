// Asking the STUI API about tokens: what is asked, and what its answers mean.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TOKEN_LIFETIME_S } from '../../local-bridge/stack/stui-api/tokens.ts'
import { createIntrospectionVerifier } from '../../src/access/introspection-verifier.ts'
import type { Fetch } from '../../src/access/stui-api.ts'
import { POSITIVE_MS } from '../../src/access/verdict-cache.ts'
import { SECOND } from '../support/fixed-clock.ts'
import { type ApiClient, platformFetch, startApiClient } from '../support/stui-api-client.ts'
import type { Fault } from '../support/stui-api-faults.ts'
import { AWAY, REFUSED } from '../support/verdicts.ts'

let client: ApiClient

beforeAll(async () => {
  client = await startApiClient()
})

afterEach(() => client.api.release())

afterAll(() => client.api.stop())

/** A verifier whose answers are these members in addition to what the API says. */
function answering(members: Record<string, unknown>) {
  const { issuer, audience, introspectionUrl, credentials } = client.api
  const changed: Fetch = async (url, request) => {
    const response = await platformFetch(url, request)
    const text = JSON.stringify({ ...JSON.parse(await response.text()), ...members })
    return { status: response.status, text: async () => text }
  }
  const { clock, limit } = client
  const options = { issuer, audience, introspectionUrl, credentials, clock, limit }
  return createIntrospectionVerifier({ ...options, fetch: changed })
}

describe('A token that the STUI API knows', () => {
  it('tells who asks', async () => {
    const token = await client.api.issueToken('kiosk')
    expect(await client.introspectionVerifier().verify(token)).toEqual({
      ok: true,
      value: {
        subject: 'user-kiosk',
        team: 'atelier',
        role: 'member',
        client_ids: ['kiosk-*', 'till'],
        tier: 'free',
        features: [],
        expires_at: client.clock.now() + TOKEN_LIFETIME_S * SECOND,
        believed_until: client.clock.now() + POSITIVE_MS,
      },
    })
  })

  it('may ask about itself where there are no credentials of the service', async () => {
    const { api } = client
    const verifier = client.introspectionVerifier({ asItself: true })
    const token = await api.issueToken('frida')
    expect(await verifier.verify(token)).toMatchObject({ ok: true })
    expect(await verifier.verify('invented')).toMatchObject(REFUSED)
    api.revoke(token)
    client.clock.advance(60 * SECOND)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
  })

  it('may have no end', async () => {
    const token = await client.api.issueToken('frida', { claims: { exp: undefined } })
    const verified = await client.introspectionVerifier().verify(token)
    expect(verified).toMatchObject({ ok: true })
    expect(verified.ok && 'expires_at' in verified.value).toBe(false)
  })
})

describe('An answer', () => {
  it.each([
    { token_type: 'bearer' },
    { token_type: 'access_token' },
    { token_type: null },
    { scope: 'everything', username: 'frida' },
  ])('with %j is taken', async (members) => {
    const token = await client.api.issueToken('frida')
    expect(await answering(members).verify(token)).toMatchObject({ ok: true })
  })

  it.each([
    { active: false },
    { token_type: 'refresh_token' },
    { token_type: 7 },
    { aud: 'stui-website' },
    { aud: null },
    { iss: 'https://stui.test' },
    { iss: null },
    { sub: null },
    { team: null },
  ])('with %j refuses the token', async (members) => {
    const token = await client.api.issueToken('frida')
    expect(await answering(members).verify(token)).toMatchObject(REFUSED)
  })

  it.each([{ active: 'true' }, { active: 1 }, { active: null }])(
    'with %j is no answer',
    async (members) => {
      const token = await client.api.issueToken('frida')
      expect(await answering(members).verify(token)).toMatchObject(AWAY)
    }
  )

  it.each([204, 302, 401, 404, 500])('with status %i is no answer', async (status) => {
    const token = await client.api.issueToken('frida')
    const verifier = client.introspectionVerifier({
      fetch: async (...question) => {
        const response = await platformFetch(...question)
        return { status, text: () => response.text() }
      },
    })
    expect(await verifier.verify(token)).toMatchObject(AWAY)
  })

  it('that is active past its end is not believed', async () => {
    const token = await client.api.issueToken('frida')
    const exp = client.clock.now() / 1000 - 60
    expect(await answering({ exp }).verify(token)).toMatchObject({
      failure: { reason: 'token_expired' },
    })
  })
})

describe('A STUI API that cannot be asked', () => {
  it.each<Fault>(['error', 'garbage', 'nonsense', 'redirect', 'down'])(
    'for the fault "%s" lets nobody in, and is asked again at once',
    async (fault) => {
      const verifier = client.introspectionVerifier()
      const token = await client.api.issueToken('frida')
      client.api.become(fault)
      expect(await verifier.verify(token)).toMatchObject(AWAY)
      client.api.release()
      expect(await verifier.verify(token)).toMatchObject({ ok: true })
    }
  )

  it('and hangs is given up after the limit', async () => {
    const verifier = client.introspectionVerifier()
    const token = await client.api.issueToken('frida')
    client.api.become('hang')
    const asked = client.api.arrived('/introspect', client.api.requests('/introspect') + 1)
    const waiting = verifier.verify(token)
    await asked
    client.expire()
    expect(await waiting).toEqual({
      ok: false,
      failure: {
        reason: 'upstream_unavailable',
        detail: 'the STUI API did not answer in time',
      },
    })
  })

  it('does not get our credentials where it redirects to', async () => {
    const token = await client.api.issueToken('frida')
    client.api.become('redirect')
    await client.introspectionVerifier().verify(token)
    expect(client.api.requests('/elsewhere')).toBe(0)
  })

  it('that refuses our credentials lets nobody in, and calls no token wrong', async () => {
    const { issuer, audience, introspectionUrl } = client.api
    const { clock, limit } = client
    const verifier = createIntrospectionVerifier({
      ...{ issuer, audience, introspectionUrl, fetch: platformFetch, clock, limit },
      credentials: { id: 'stui-sessions', secret: 'wrong' },
    })
    expect(await verifier.verify(await client.api.issueToken('frida'))).toMatchObject(AWAY)
  })
})
