// POST /panel/token: what the code of a sign-in is redeemed for, and when it is not.

import { describe, expect, it } from 'vitest'
import type { Fetch } from '../../src/access/stui-api.ts'
import { startDoor } from '../support/authenticating-door.ts'
import { answerOf, logLines } from '../support/worker.ts'

const ISSUER = 'https://stui.test'
const GOOD = {
  code: 'secret-code',
  code_verifier: 'v'.repeat(43),
  redirect_uri: 'http://localhost/',
}

type Asked = { url: string; body: string }

/** The door of a service whose STUI API answers like this at its token endpoint. */
async function scene(answer: { status: number; json: unknown }, more: object = {}) {
  const asked: Asked[] = []
  const endpoints = {
    issuer: ISSUER,
    jwks_uri: `${ISSUER}/jwks`,
    token_endpoint: `${ISSUER}/token`,
    authorization_endpoint: `${ISSUER}/authorize`,
    ...more,
  }
  const fetch: Fetch = async (url, { body = '' }) => {
    const isToken = url === `${ISSUER}/token`
    if (isToken) asked.push({ url, body })
    const { status, json } = isToken ? answer : { status: 200, json: endpoints }
    return { status, text: async () => JSON.stringify(json) }
  }
  const { door } = await startDoor('jwt', { STUI_PANEL_CLIENT_ID: 'panel' }, { fetch })
  const redeem = async (given: unknown) =>
    door.fetch(
      new Request('http://localhost/panel/token', { method: 'POST', body: JSON.stringify(given) })
    )
  return { redeem, asked, door }
}

describe('the code of a sign-in', () => {
  it('is redeemed at the STUI API, with what proves that the page asked for it', async () => {
    const granted = { access_token: 'a-token', token_type: 'Bearer', expires_in: 900 }
    const { redeem, asked } = await scene({ status: 200, json: granted })
    const response = await redeem(GOOD)
    expect([response.status, await response.json()]).toEqual([
      200,
      { access_token: 'a-token', expires_in: 900 },
    ])
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: 'authorization_code',
      client_id: 'panel',
      ...GOOD,
    })
    expect(logLines().join('\n')).not.toMatch(/secret-code|a-token/)
  })

  it.each([
    ['without a code', { ...GOOD, code: '' }],
    ['without a verifier', { ...GOOD, code_verifier: 'short' }],
    ['for another site', { ...GOOD, redirect_uri: 'https://evil.example/' }],
    ['that is no address', { ...GOOD, redirect_uri: 'javascript:1' }],
    ['that is nothing', null],
  ])('is not asked about %s', async (_, given) => {
    const { redeem, asked } = await scene({ status: 200, json: {} })
    const { status, reply } = await answerOf(await redeem(given))
    expect([status, reply.error_code, asked.length]).toEqual([400, 'invalid_request', 0])
  })

  it('that is refused is told without what the STUI API said, and counted', async () => {
    const { redeem, asked } = await scene({
      status: 400,
      json: { error: 'because of secret-code' },
    })
    for (let n = 0; n < 10; n += 1) {
      const { status, text } = await answerOf(await redeem(GOOD))
      expect(status).toBe(401)
      expect(text).not.toContain('secret-code')
    }
    expect((await redeem(GOOD)).status).toBe(429)
    expect(asked).toHaveLength(10)
  })

  it.each([
    ['is away', { status: 500, json: {} }, 503],
    ['gives no token', { status: 200, json: { token_type: 'Bearer' } }, 401],
  ])('is not redeemed where the STUI API %s', async (_, answer, status) => {
    const { redeem } = await scene(answer)
    expect((await redeem(GOOD)).status).toBe(status)
  })

  it('is not redeemed where the panel is not known to the STUI API', async () => {
    const { door } = await startDoor()
    const request = new Request('http://localhost/panel/token', {
      method: 'POST',
      body: JSON.stringify(GOOD),
    })
    expect((await door.fetch(request)).status).toBe(400)
  })
})

describe('where people sign in', () => {
  const config = async (more: object) => {
    const { door } = await scene({ status: 200, json: {} }, more)
    return (await door.fetch(new Request('http://localhost/panel/config.json'))).json()
  }

  it('is told with all that a page needs to go there', async () => {
    expect(await config({})).toMatchObject({
      auth: 'pkce',
      issuer: ISSUER,
      client_id: 'panel',
      authorization_endpoint: `${ISSUER}/authorize`,
      audience: 'stui-sessions',
    })
  })

  it.each([
    ['without TLS', { authorization_endpoint: 'http://stui.test/authorize' }],
    ['that is no address', { authorization_endpoint: 'javascript:alert(1)' }],
    ['of which tokens cannot be had', { token_endpoint: undefined }],
  ])('is not a place %s', async (_, more) => {
    expect(await config(more)).toMatchObject({ auth: 'token' })
  })
})
