// Finding the endpoints of the STUI API.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discover } from '../../src/access/discovery.ts'
import type { Fetch } from '../../src/access/stui-api.ts'
import { type ApiClient, platformFetch, startApiClient } from '../support/stui-api-client.ts'

let client: ApiClient

beforeAll(async () => {
  client = await startApiClient()
})

afterAll(() => client.api.stop())

const ISSUER = 'https://stui.test'
const SOUND = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }

/** An API that publishes this, and only where it must. */
function publishing(json: unknown): Fetch {
  return async (url) => {
    const there = url === `${ISSUER}/.well-known/openid-configuration`
    return { status: there ? 200 : 404, text: async () => JSON.stringify(json) }
  }
}

describe('Discovery', () => {
  it('gives the endpoints that the issuer publishes', async () => {
    const { issuer, jwksUrl, introspectionUrl } = client.api
    expect(await discover(platformFetch, issuer, AbortSignal.timeout(5000))).toEqual({
      ok: true,
      value: {
        issuer,
        jwks_uri: jwksUrl,
        introspection_endpoint: introspectionUrl,
        token_endpoint: `${issuer}/token`,
        authorization_endpoint: `${issuer}/authorize`,
      },
    })
  })

  it('takes an issuer with a slash at its end, which then is part of its name', async () => {
    const issuer = `${ISSUER}/`
    const fetch = publishing({ ...SOUND, issuer })
    expect(await discover(fetch, issuer, AbortSignal.any([]))).toMatchObject({ ok: true })
  })

  it.each([
    ['another issuer', { ...SOUND, issuer: 'https://other.test' }],
    ['no keys', { issuer: ISSUER }],
    ['keys in the clear', { ...SOUND, jwks_uri: 'http://stui.test/jwks' }],
    ['keys in a file', { ...SOUND, jwks_uri: 'file:///etc/keys' }],
    ['introspection in the clear', { ...SOUND, introspection_endpoint: 'http://stui.test/i' }],
    ['tokens in the clear', { ...SOUND, token_endpoint: 'http://stui.test/t' }],
    ['nothing', null],
  ])('refuses a configuration with %s', async (_, json) => {
    expect(await discover(publishing(json), ISSUER, AbortSignal.any([]))).toMatchObject({
      ok: false,
      failure: { reason: 'upstream_unavailable' },
    })
  })
})
