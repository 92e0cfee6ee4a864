import { describe, expect, it } from 'vitest'
import { FIRST_WAIT_MS, RECHECK_MS, REFUSED_MS } from '../../local-bridge/identity.ts'
import { TOKEN_LIFETIME_S } from '../../local-bridge/stack/stui-api/tokens.ts'
import { GRACE_MS } from '../../local-bridge/standing.ts'
import { MINUTE, START } from '../support/fixed-clock.ts'
import { begun, identityFixture } from './identity-fixture.ts'

/** With the fixture's chance. */
const jittered = (ms: number) => ms * 1.125

describe('at the start', () => {
  it('a good token is accepted, and the log says whose it is', async () => {
    await using fixture = await identityFixture()
    const token = await fixture.api.issueToken('priya')
    fixture.file.write(`${token}\n`)
    const identity = await begun(fixture)
    expect(await identity.admit()).toEqual({ ok: true, value: token })
    expect(fixture.log.events).toEqual([
      {
        ...{ event: 'token_accepted', subject: 'user-priya', team: 'atelier', role: 'member' },
        ...{ tier: 'pro', features: [], expires_at: '2026-03-01T09:15:00.000Z' },
      },
    ])
  })

  it('an unknown token is refused in one sentence', async () => {
    await using fixture = await identityFixture()
    fixture.file.write('nobody-issued-this')
    expect(await fixture.begin()).toEqual({
      ok: false,
      failure:
        'The STUI API refuses the token: the STUI API does not know the token, or it was revoked; get a new one and start the bridge again.',
    })
    expect(fixture.timer.pending()).toBe(0)
  })

  it('a token that has ended is refused as expired', async () => {
    await using fixture = await identityFixture()
    const exp = START / 1000 - 3600
    fixture.file.write(await fixture.api.issueToken('priya', { claims: { exp } }))
    expect(await fixture.begin()).toEqual({
      ok: false,
      failure:
        'The token expired at 2026-03-01T08:00:00.000Z: get a new one and start the bridge again.',
    })
  })

  it.each([
    ['another audience', { aud: 'somebody-else' }, 'the token is for another audience'],
    ['another issuer', { iss: 'https://other.example' }, 'the token is from another issuer'],
    ['no team', { team: undefined }, 'the token has no usable team claim'],
  ])('a token with %s is refused', async (_, claims, detail) => {
    await using fixture = await identityFixture()
    fixture.file.write(await fixture.api.issueToken('priya', { claims }))
    expect(await fixture.begin()).toMatchObject({
      ok: false,
      failure: expect.stringContaining(detail),
    })
  })

  it.each(['down', 'error', 'garbage', 'nonsense', 'redirect'] as const)(
    'with the STUI API being %s it starts, lets nothing pass, and asks again until there is a verdict',
    async (fault) => {
      await using fixture = await identityFixture()
      const token = await fixture.api.issueToken('priya')
      fixture.file.write(token)
      fixture.api.become(fault)
      const identity = await begun(fixture)
      expect(await identity.admit()).toMatchObject({
        ok: false,
        failure: {
          reason: 'unauthenticated',
          detail: expect.stringMatching(/^the STUI API .*; the bridge goes on asking, try again/),
        },
      })
      for (const [nth, wait] of [1000, 2000, 4000, 8000, 8000].entries()) {
        const event = await fixture.log.nth('token_unchecked', nth + 1)
        expect(event).toMatchObject({ wait_ms: jittered(wait), known_good: false })
        fixture.pass(jittered(wait))
      }
      await fixture.log.nth('token_unchecked', 6)
      fixture.api.become('none')
      fixture.pass(jittered(8000))
      await fixture.log.nth('token_accepted', 1)
      expect(await identity.admit()).toEqual({ ok: true, value: token })
    }
  )

  it('an API that hangs is given up after its limit', async () => {
    await using fixture = await identityFixture()
    fixture.file.write(await fixture.api.issueToken('priya'))
    fixture.api.become('hang')
    const identity = fixture.begin()
    await fixture.api.arrived('/.well-known/openid-configuration', 1)
    fixture.expire()
    expect(await identity).toMatchObject({ ok: true })
    expect(fixture.log.of('token_unchecked')).toMatchObject([
      { detail: 'the STUI API did not answer in time' },
    ])
  })
})

describe('a verdict', () => {
  it('is asked for again before it lapses', async () => {
    await using fixture = await identityFixture()
    fixture.file.write(await fixture.api.issueToken('priya'))
    await begun(fixture)
    expect(fixture.api.requests('/introspect')).toBe(1)
    fixture.pass(RECHECK_MS)
    await fixture.api.arrived('/introspect', 2)
    expect(RECHECK_MS).toBeLessThan(MINUTE)
  })

  it('that became a refusal lets nothing pass any more: a revocation counts within a minute', async () => {
    await using fixture = await identityFixture()
    const token = await fixture.api.issueToken('priya')
    fixture.file.write(token)
    const identity = await begun(fixture)
    fixture.api.revoke(token)
    fixture.pass(RECHECK_MS)
    await fixture.log.nth('token_refused', 1)
    expect(await identity.admit()).toMatchObject({
      ok: false,
      failure: {
        reason: 'unauthenticated',
        detail:
          'the STUI API does not know the token, or it was revoked; put a new token into the token file and send the message again',
      },
    })
  })

  it('of a changed subscription is told to the log', async () => {
    await using fixture = await identityFixture()
    fixture.file.write(await fixture.api.issueToken('frida'))
    const identity = await begun(fixture)
    fixture.file.write(await fixture.api.issueToken('enzo'))
    fixture.pass(RECHECK_MS)
    expect(await fixture.log.nth('token_accepted', 2)).toMatchObject({ tier: 'enterprise' })
    expect(await identity.admit()).toMatchObject({ ok: true })
  })

  it('that does not change is told once', async () => {
    await using fixture = await identityFixture()
    fixture.file.write(await fixture.api.issueToken('priya'))
    await begun(fixture)
    for (let nth = 2; nth < 5; nth += 1) {
      fixture.pass(RECHECK_MS)
      await fixture.api.arrived('/introspect', nth)
      await fixture.settled()
    }
    expect(fixture.log.of('token_accepted')).toHaveLength(1)
  })
})

describe('while the STUI API is away', () => {
  it('a token that was good goes on for five minutes and no longer', async () => {
    await using fixture = await identityFixture()
    const token = await fixture.api.issueToken('priya', { claims: { exp: START / 1000 + 7200 } })
    fixture.file.write(token)
    const identity = await begun(fixture)
    fixture.api.become('down')
    fixture.pass(RECHECK_MS)
    expect(await fixture.log.nth('token_unchecked', 1)).toMatchObject({ known_good: true })
    fixture.pass(GRACE_MS - RECHECK_MS - 1)
    expect(await identity.admit()).toEqual({ ok: true, value: token })
    fixture.pass(1)
    expect(await identity.admit()).toMatchObject({
      ok: false,
      failure: {
        reason: 'unauthenticated',
        detail: expect.stringContaining('the STUI API is away'),
      },
    })
  })

  it('a token does not go on past its end', async () => {
    await using fixture = await identityFixture()
    const exp = START / 1000 + 120
    fixture.file.write(await fixture.api.issueToken('priya', { claims: { exp } }))
    const identity = await begun(fixture)
    fixture.api.become('down')
    fixture.pass(120_000)
    expect(await identity.admit()).toMatchObject({ ok: false })
    await fixture.log.nth('token_refused', 1)
    expect(await identity.admit()).toEqual({
      ok: false,
      failure: { reason: 'token_expired', expired_at: '2026-03-01T09:02:00.000Z' },
    })
  })

  it('a refused token stays refused', async () => {
    await using fixture = await identityFixture()
    const token = await fixture.api.issueToken('priya')
    fixture.file.write(token)
    const identity = await begun(fixture)
    fixture.api.revoke(token)
    fixture.pass(RECHECK_MS)
    await fixture.log.nth('token_refused', 1)
    fixture.api.become('down')
    fixture.pass(RECHECK_MS)
    await fixture.log.nth('token_unchecked', 1)
    expect(await identity.admit()).toMatchObject({
      ok: false,
      failure: { detail: expect.stringContaining('it was revoked') },
    })
  })

  it('a token that nobody knows yet does not take the place of one that is known', async () => {
    await using fixture = await identityFixture()
    const known = await fixture.api.issueToken('priya')
    fixture.file.write(known)
    const identity = await begun(fixture)
    fixture.file.write(await fixture.api.issueToken('enzo'))
    fixture.api.become('down')
    fixture.pass(RECHECK_MS)
    await fixture.log.nth('token_unchecked', 1)
    expect(await identity.admit()).toEqual({ ok: true, value: known })
  })

  it('messages do not make it ask more often', async () => {
    await using fixture = await identityFixture()
    fixture.file.write(await fixture.api.issueToken('priya'))
    fixture.api.become('down')
    const identity = await begun(fixture)
    fixture.pass(FIRST_WAIT_MS - 1)
    await Promise.all(Array.from({ length: 50 }, () => identity.admit()))
    expect(fixture.api.requests('/.well-known/openid-configuration')).toBe(1)
  })
})

describe('a token that has ended', () => {
  it('is told as expired, and a new one in the file is taken at the next message', async () => {
    await using fixture = await identityFixture()
    fixture.file.write(await fixture.api.issueToken('priya'))
    const identity = await begun(fixture)
    fixture.pass(TOKEN_LIFETIME_S * 1000)
    expect(await identity.admit()).toEqual({
      ok: false,
      failure: { reason: 'token_expired', expired_at: '2026-03-01T09:15:00.000Z' },
    })
    const next = await fixture.api.issueToken('priya')
    fixture.file.write(next)
    expect(await identity.admit()).toEqual({ ok: true, value: next })
  })

  it('costs many waiting messages one question', async () => {
    await using fixture = await identityFixture()
    fixture.file.write(await fixture.api.issueToken('priya'))
    const identity = await begun(fixture)
    fixture.pass(TOKEN_LIFETIME_S * 1000)
    await identity.admit()
    const asked = fixture.api.requests('/introspect')
    fixture.file.write(await fixture.api.issueToken('priya'))
    const answers = await Promise.all(Array.from({ length: 50 }, () => identity.admit()))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(fixture.api.requests('/introspect')).toBe(asked + 1)
  })

  it('that is refused is asked about again on demand, but seldom', async () => {
    await using fixture = await identityFixture()
    const token = await fixture.api.issueToken('priya')
    fixture.file.write(token)
    const identity = await begun(fixture)
    fixture.api.revoke(token)
    fixture.pass(RECHECK_MS)
    await fixture.log.nth('token_refused', 1)
    const asked = fixture.api.requests('/introspect')
    fixture.pass(REFUSED_MS - 1)
    await identity.admit()
    expect(fixture.api.requests('/introspect')).toBe(asked)
    fixture.pass(1)
    await identity.admit()
    expect(fixture.api.requests('/introspect')).toBe(asked + 1)
  })
})

describe('when the service refuses the token', () => {
  it('the token file is read again at once, and a new good token is given', async () => {
    await using fixture = await identityFixture()
    const old = await fixture.api.issueToken('priya')
    fixture.file.write(old)
    const identity = await begun(fixture)
    const next = await fixture.api.issueToken('priya')
    fixture.file.write(next)
    expect(await identity.reconsider(old)).toBe(next)
    expect(fixture.log.of('token_contested')).toHaveLength(1)
  })

  it('the STUI API is asked at once, and its no counts', async () => {
    await using fixture = await identityFixture()
    const token = await fixture.api.issueToken('priya')
    fixture.file.write(token)
    const identity = await begun(fixture)
    fixture.pass(FIRST_WAIT_MS)
    fixture.api.revoke(token)
    expect(await identity.reconsider(token)).toBeUndefined()
    expect(await identity.admit()).toMatchObject({ ok: false })
  })

  it('again and again, the STUI API is asked no more than once a second', async () => {
    await using fixture = await identityFixture()
    const token = await fixture.api.issueToken('priya')
    fixture.file.write(token)
    const identity = await begun(fixture)
    fixture.pass(FIRST_WAIT_MS)
    for (let nth = 0; nth < 20; nth += 1) await identity.reconsider(token)
    expect(fixture.api.requests('/introspect')).toBe(2)
  })
})

describe('a token file that cannot be read any more', () => {
  it('takes nobody the token that is good, and is told once', async () => {
    await using fixture = await identityFixture()
    const token = await fixture.api.issueToken('priya')
    fixture.file.write(token)
    const identity = await begun(fixture)
    fixture.file.remove()
    for (let nth = 2; nth < 4; nth += 1) {
      fixture.pass(RECHECK_MS)
      await fixture.api.arrived('/introspect', nth)
      await fixture.settled()
    }
    expect(await identity.admit()).toEqual({ ok: true, value: token })
    expect(fixture.log.of('token_unreadable')).toEqual([
      { event: 'token_unreadable', detail: 'the token file cannot be read (ENOENT)' },
    ])
  })
})
