// From claims to a principal.

import { describe, expect, it } from 'vitest'
import { checkClaims, principalOf } from '../../src/access/claims.ts'
import { isoTime } from '../../src/clock.ts'
import { START } from '../support/fixed-clock.ts'

const NOW_S = START / 1000
const LEAST = { sub: 'user-1', team: 'atelier' }

describe('A principal', () => {
  it('needs no more than a subject and a team, and then is a member on the free tier', () => {
    expect(principalOf(LEAST)).toEqual({
      ok: true,
      value: {
        subject: 'user-1',
        team: 'atelier',
        role: 'member',
        client_ids: [],
        tier: 'free',
        features: [],
      },
    })
  })

  it('is made of every claim that is documented', () => {
    const claims = {
      ...LEAST,
      role: 'admin',
      client_ids: ['till', 'kiosk-*'],
      tier: 'pro',
      features: ['remote_debugger'],
      exp: NOW_S,
    }
    expect(principalOf(claims)).toEqual({
      ok: true,
      value: {
        subject: 'user-1',
        team: 'atelier',
        role: 'admin',
        client_ids: ['till', 'kiosk-*'],
        tier: 'pro',
        features: ['remote_debugger'],
        expires_at: START,
      },
    })
  })

  it.each([
    { claims: { sub: 'u', org: 'atelier' }, is: { team: 'atelier' } },
    { claims: { ...LEAST, org: 'other' }, is: { team: 'atelier' } },
    { claims: { ...LEAST, subscription_tier: 'enterprise' }, is: { tier: 'enterprise' } },
    { claims: { ...LEAST, tier: 'platinum' }, is: { tier: 'free' } },
    { claims: { ...LEAST, tier: '__proto__' }, is: { tier: 'free' } },
    { claims: { ...LEAST, role: 'root' }, is: { role: 'member' } },
    { claims: { ...LEAST, role: 'ADMIN' }, is: { role: 'member' } },
    { claims: { ...LEAST, role: null, tier: null, features: null }, is: { role: 'member' } },
    { claims: { ...LEAST, client_ids: null }, is: { client_ids: [] } },
    { claims: { ...LEAST, is_admin: true, scope: 'everything' }, is: { role: 'member' } },
  ])('of $claims has $is', ({ claims, is }) => {
    expect(principalOf(claims)).toMatchObject({ ok: true, value: is })
  })

  it.each([
    ['sub', { team: 'atelier' }],
    ['sub', { ...LEAST, sub: '' }],
    ['sub', { ...LEAST, sub: 7 }],
    ['sub', { ...LEAST, sub: 'two\nlines' }],
    ['sub', { ...LEAST, sub: 'x'.repeat(256) }],
    ['team', { sub: 'user-1' }],
    ['team', { sub: 'user-1', team: null, org: null }],
    ['team', { ...LEAST, team: '' }],
    ['team', { ...LEAST, team: 'a\0b' }],
    ['team', { ...LEAST, team: '../other' }],
    ['team', { ...LEAST, team: ['atelier', 'other'] }],
    ['team', { ...LEAST, team: 'local' }],
    ['client_ids', { ...LEAST, client_ids: [] }],
    ['client_ids', { ...LEAST, client_ids: 'till' }],
    ['client_ids', { ...LEAST, client_ids: [''] }],
    ['client_ids', { ...LEAST, client_ids: ['a*b'] }],
    ['client_ids', { ...LEAST, client_ids: ['till', 7] }],
    ['features', { ...LEAST, features: 'remote_debugger' }],
    ['tier', { ...LEAST, tier: 7 }],
    ['role', { ...LEAST, role: ['admin'] }],
    ['exp', { ...LEAST, exp: 'tomorrow' }],
    ['exp', { ...LEAST, exp: 1e300 }],
    ['sub', null],
    ['sub', 'claims'],
    ['sub', []],
  ])('is refused for its %s: %j', (claim, claims) => {
    const refused = principalOf(claims)
    expect(refused).toMatchObject({ ok: false, failure: { reason: 'unauthenticated' } })
    expect(JSON.stringify(refused)).toContain(claim)
  })
})

describe('Claims that no library has checked', () => {
  const expected = { issuer: 'https://stui.test', audience: 'stui-sessions' }
  const good = { iss: 'https://stui.test', aud: 'stui-sessions' }

  it.each([
    good,
    { ...good, aud: ['other', 'stui-sessions'] },
    { ...good, nbf: NOW_S + 60 },
    { ...good, exp: NOW_S - 59 },
    { ...good, exp: null, nbf: null },
  ])('pass: %j', (claims) => {
    expect(checkClaims(claims, expected, START)).toEqual({ ok: true, value: undefined })
  })

  it.each([
    { ...good, iss: 'https://stui.test/' },
    { ...good, iss: undefined },
    { ...good, aud: 'stui-sessions-2' },
    { ...good, aud: [] },
    { ...good, aud: undefined },
    { ...good, nbf: NOW_S + 61 },
    { ...good, nbf: '0' },
    { ...good, exp: 'never' },
  ])('are refused: %j', (claims) => {
    expect(checkClaims(claims, expected, START)).toMatchObject({
      ok: false,
      failure: { reason: 'unauthenticated' },
    })
  })

  it('tell when the token expired', () => {
    expect(checkClaims({ ...good, exp: NOW_S - 60 }, expected, START)).toEqual({
      ok: false,
      failure: { reason: 'token_expired', expired_at: isoTime(START - 60_000) },
    })
  })
})
