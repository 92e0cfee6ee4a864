// Signing in with a browser at the small STUI API: whom it sends where, and what a code is worth.

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  CODE_LIFETIME_MS,
  createSignIn,
  PANEL_CLIENT_ID,
} from '../../../local-bridge/stack/stui-api/sign-in.ts'
import { fixedClock } from '../../support/fixed-clock.ts'

const VERIFIER = 'v'.repeat(43)

const ASKED = {
  response_type: 'code',
  client_id: PANEL_CLIENT_ID,
  redirect_uri: 'http://127.0.0.1:8787/',
  state: 'a state',
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
}

function scene() {
  const clock = fixedClock()
  const signIn = createSignIn(clock)
  signIn.serve('http://127.0.0.1:8787')
  const ask = (its: object = {}) => signIn.ask(new URLSearchParams({ ...ASKED, ...its }))
  const choose = (user: string, its: object = {}) =>
    signIn.choose(new URLSearchParams({ ...ASKED, user, ...its }))
  /** The query that the page comes back with. */
  const back = (answer: ReturnType<typeof ask>) =>
    answer.status === 303 ? Object.fromEntries(new URL(answer.location).searchParams) : undefined
  const redeem = (code: string, its: object = {}) =>
    signIn.redeem(
      new URLSearchParams({
        ...{ code, client_id: PANEL_CLIENT_ID, redirect_uri: ASKED.redirect_uri },
        ...{ code_verifier: VERIFIER, ...its },
      })
    )
  return { clock, ask, choose, back, redeem, code: () => back(choose('frida'))?.code ?? '' }
}

describe('the page of the sign-in', () => {
  it('lists the users, and shows what it was asked harmlessly', () => {
    const answer = scene().ask({ state: '"><script>alert(1)</script>' })
    const html = answer.status === 200 ? answer.html : ''
    for (const user of ['frida', 'priya', 'enzo', 'kiosk', 'tessa', 'olga']) {
      expect(html).toContain(`name="user" value="${user}"`)
    }
    expect(html).not.toContain('<script')
  })

  it('goes back with a code and the state that it was asked with', () => {
    const { choose, back } = scene()
    expect(back(choose('frida'))).toEqual({ code: expect.any(String), state: 'a state' })
  })

  it('goes back without one if nobody signs in', () => {
    const { choose, back } = scene()
    for (const user of ['', 'nobody', 'toString']) {
      expect(back(choose(user))).toEqual({ error: 'access_denied', state: 'a state' })
    }
  })

  it.each([
    { redirect_uri: 'https://evil.example/' },
    { redirect_uri: 'http://127.0.0.1:8788/' },
    { redirect_uri: 'http://127.0.0.1:8787/elsewhere' },
    { redirect_uri: 'http://127.0.0.1:8787@evil.example/' },
    { redirect_uri: '' },
    { client_id: 'another' },
  ])('sends nobody to anything but the page of the stack: %j', (its) => {
    const { ask, choose } = scene()
    expect(ask(its).status).toBe(400)
    expect(choose('frida', its).status).toBe(400)
  })

  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: '' }, 'invalid_request'],
  ])('takes nothing but a code with an S256 challenge: %j', (its, error) => {
    const { ask, choose, back } = scene()
    expect(back(ask(its))).toEqual({ error, state: 'a state' })
    expect(back(choose('frida', its))).toEqual({ error, state: 'a state' })
  })
})

describe('a code', () => {
  it('is worth something once', () => {
    const { code, redeem } = scene()
    const one = code()
    expect(redeem(one)).toBe('frida')
    expect(redeem(one)).toBe(undefined)
  })

  it.each([
    { code_verifier: 'w'.repeat(43) },
    { code_verifier: '' },
    { client_id: 'another' },
    { redirect_uri: 'http://localhost:8787/' },
  ])('is worth nothing to others, and then to nobody: %j', (its) => {
    const { code, redeem } = scene()
    const one = code()
    expect(redeem(one, its)).toBe(undefined)
    expect(redeem(one)).toBe(undefined)
  })

  it('is worth nothing a minute later', () => {
    const { clock, code, redeem } = scene()
    const one = code()
    clock.advance(CODE_LIFETIME_MS)
    expect(redeem(one)).toBe(undefined)
  })
})
