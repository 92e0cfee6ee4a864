// validate_feature_access through the door: a verified token decides, and nothing that a message claims.

import { describe, expect, it } from 'vitest'
import { startDoor } from '../support/authenticating-door.ts'
import { MINUTE } from '../support/fixed-clock.ts'
import { ask as askLocal, logLines, newClient } from '../support/worker.ts'

const question = (more: object = {}) => ({
  command: 'validate_feature_access',
  client_id: newClient(),
  feature: 'remote_debugger',
  ...more,
})

const GRANTED = { feature: 'remote_debugger', access_granted: true }
const DENIED = { ...GRANTED, access_granted: false, required_tier: 'pro' }

describe('the subscription of the caller', () => {
  it.each([
    ['frida', { ...DENIED, subscription_tier: 'free', reason: 'tier_too_low' }],
    ['priya', { ...GRANTED, subscription_tier: 'pro' }],
    ['enzo', { ...GRANTED, subscription_tier: 'enterprise' }],
    ['tessa', { ...GRANTED, subscription_tier: 'free' }],
  ] as const)('decides about a feature: %s', async (user, result) => {
    const { ask, token } = await startDoor()
    const { status, reply } = await ask(question(), await token(user))
    expect(status).toBe(200)
    expect(reply.result).toEqual({ ...result, expires_at: '2026-03-01T09:15:00.000Z' })
    expect(reply.client_id).toMatch(/^client_/)
  })

  it('does not have a feature that nobody knows', async () => {
    const { ask, token } = await startDoor()
    const { reply } = await ask(question({ feature: 'time_travel' }), await token('enzo'))
    expect(reply.result).toMatchObject({ access_granted: false, reason: 'unknown_feature' })
    expect(reply.result).not.toHaveProperty('required_tier')
  })

  it('is not what the message claims', async () => {
    const { ask, token } = await startDoor()
    const claims = { subscription_tier: 'enterprise', client_info: { subscription_tier: 'pro' } }
    const { reply } = await ask(question(claims), await token('frida'))
    expect(reply.result).toMatchObject(DENIED)
  })

  it('is free where authentication is off, whatever token there is', async () => {
    const { reply } = await askLocal(question({ auth_token: 'future_external_auth_token' }))
    expect(reply.result).toMatchObject({ ...DENIED, expires_at: '9999-12-31T23:59:59.999Z' })
  })
})

describe('the token of the message', () => {
  it('decides instead, in both dialects, and is no parameter', async () => {
    const { ask, token } = await startDoor()
    const [frida, auth_token] = [await token('frida'), await token('priya')]
    const { command, ...parameters } = question()
    for (const message of [
      { command, ...parameters, auth_token },
      { command, parameters: { ...parameters, auth_token } },
      { command, parameters, auth_token },
      { command, parameters: { ...parameters, auth_token }, auth_token },
    ]) {
      const { reply } = await ask(message, frida)
      expect(reply.result).toMatchObject({ ...GRANTED, subscription_tier: 'pro' })
      expect(reply.meta).not.toHaveProperty('warnings')
    }
  })

  it.each([
    ['is invented', () => 'invented'],
    ['is empty', () => ''],
    ['is no text', () => ({ token: 'x' })],
    ['is from another issuer', 'iss'],
  ])('is an error where it %s', async (_, bad) => {
    const { ask, token } = await startDoor()
    const auth_token =
      typeof bad === 'string'
        ? await token('priya', { claims: { [bad]: 'https://x.test' } })
        : bad()
    const { status, text, reply } = await ask(question({ auth_token }), await token('priya'))
    expect(status).toBe(401)
    expect(reply.error_code).toBe('unauthenticated')
    if (auth_token !== '') expect(text + logLines().join('\n')).not.toContain(auth_token)
  })

  it('is an error where it has ended or is given twice differently', async () => {
    const { ask, token, clock } = await startDoor()
    const ended = await token('priya')
    clock.advance(17 * MINUTE)
    const own = await token('priya')
    expect((await ask(question({ auth_token: ended }), own)).reply.error_code).toBe('token_expired')
    const twice = question({ auth_token: own, parameters: { auth_token: 'another-token' } })
    const { text, reply } = await ask(twice, own)
    expect(reply).toMatchObject({
      error_code: 'invalid_parameter',
      details: { path: 'auth_token' },
    })
    expect(text).not.toContain('another-token')
  })

  it('does not decide for a client that it does not cover', async () => {
    const { ask, token } = await startDoor()
    const [kiosk, frida] = [await token('kiosk'), await token('frida')]
    const { reply } = await ask(question({ auth_token: kiosk }), frida)
    expect(reply.error_code).toBe('client_not_allowed')
    const covered = question({ client_id: 'till', auth_token: kiosk })
    expect((await ask(covered, frida)).reply.status).toBe('success')
  })
})

describe('a revocation', () => {
  it('counts within a minute', async () => {
    const { ask, token, revoke, clock } = await startDoor('introspection')
    const [frida, auth_token] = [await token('frida'), await token('priya')]
    expect((await ask(question({ auth_token }), frida)).reply.result).toMatchObject(GRANTED)
    revoke(auth_token)
    clock.advance(MINUTE)
    const { reply } = await ask(question({ auth_token }), frida)
    expect(reply.error_code).toBe('unauthenticated')
  })
})

describe('the lists of clients', () => {
  it('hold for it too', async () => {
    const { client_id, ...rest } = question()
    const { ask, token } = await startDoor('jwt', { STUI_DENIED_CLIENTS: client_id })
    const { reply } = await ask({ client_id, ...rest }, await token('priya'))
    expect(reply.error_code).toBe('client_not_allowed')
  })
})
