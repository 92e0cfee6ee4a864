// Calls without a good token are limited by address; what is done with one never counts against the address.

import { describe, expect, it } from 'vitest'
import { addressOf } from '../../src/http/failure-limits.ts'
import { startDoor } from '../support/authenticating-door.ts'
import { SECOND } from '../support/fixed-clock.ts'

const PING = { command: 'ping' }

type Door = Awaited<ReturnType<typeof startDoor>>

async function spend({ ask }: Door, token?: string) {
  const codes = []
  for (let n = 0; n < 12; n += 1) codes.push((await ask(PING, token)).reply.error_code)
  return codes
}

describe('an address that fails too often', () => {
  it.each([
    ['without a token', undefined],
    ['with invented tokens', 'invented'],
  ])('is told to wait, and then asked again: %s', async (_, token) => {
    const door = await startDoor()
    const codes = await spend(door, token)
    expect(codes.slice(0, 10)).toEqual(Array(10).fill('unauthenticated'))
    expect(codes.slice(10)).toEqual(['rate_limited', 'rate_limited'])
    const { status, headers, reply } = await door.ask(PING, token)
    expect([status, headers.get('retry-after')]).toEqual([429, '2'])
    expect(reply.details).toEqual({ retry_after_ms: 2000 })
    door.clock.advance(2 * SECOND)
    expect((await door.ask(PING, token)).status).toBe(401)
  })

  it('does not keep good tokens out, known or new', async () => {
    const door = await startDoor()
    await spend(door)
    for (const user of ['frida', 'priya', 'frida'] as const) {
      expect((await door.ask(PING, await door.token(user))).status).toBe(200)
    }
  })

  it('is not another one', async () => {
    const door = await startDoor()
    await spend(door)
    expect((await door.ask(PING, undefined, '198.51.100.1')).status).toBe(401)
  })

  it('may not spend itself on the tokens of messages either', async () => {
    const { ask, token } = await startDoor()
    const own = await token('frida')
    const guess = { command: 'validate_feature_access', client_id: 'c', feature: 'f' }
    const codes = []
    for (let n = 0; n < 11; n += 1) {
      codes.push((await ask({ ...guess, auth_token: `guess-${n}` }, own)).reply.error_code)
    }
    expect(codes.at(9)).toBe('unauthenticated')
    expect(codes.at(10)).toBe('rate_limited')
  })
})

describe('by introspection, an address that fails too often', () => {
  it('asks the STUI API nothing more, while known tokens go on', async () => {
    const door = await startDoor('introspection')
    const known = await door.token('frida')
    expect((await door.ask(PING, known)).status).toBe(200)
    for (let n = 0; n < 10; n += 1) await door.ask(PING, `invented-${n}`)
    const before = door.requests('/introspect')

    const guessed = await door.ask(PING, 'invented-again')
    expect(guessed.reply.error_code).toBe('rate_limited')
    expect((await door.ask(PING, known)).status).toBe(200)
    expect(door.requests('/introspect')).toBe(before)

    const unknown = await door.token('priya')
    expect((await door.ask(PING, unknown)).status).toBe(429)
    door.clock.advance(2 * SECOND)
    expect((await door.ask(PING, unknown)).status).toBe(200)
  })
})

describe('calls with a good token', () => {
  it('never count against the address, whatever they are answered', async () => {
    const { ask, token } = await startDoor()
    const own = await token('frida')
    for (let n = 0; n < 40; n += 1) {
      expect((await ask({ command: 'close_session' }, own)).status).toBe(400)
    }
    expect((await ask(PING)).status).toBe(401)
  })

  it('are not held up by an STUI API that is away, and do not count', async () => {
    const { ask, token, become } = await startDoor()
    become('away')
    for (let n = 0; n < 12; n += 1) {
      expect((await ask(PING, await token('frida'))).status).toBe(503)
    }
  })
})

describe('the rate limiter of the platform', () => {
  it('is asked where there is one', async () => {
    const keys: string[] = []
    const STUI_RATE_LIMITER = {
      limit: async ({ key }: { readonly key: string }) => ({ success: keys.push(key) < 2 }),
    }
    const { ask, token } = await startDoor('jwt', { STUI_RATE_LIMITER })
    await ask(PING, await token('frida'))
    expect(keys).toEqual([])
    expect((await ask(PING)).status).toBe(401)
    expect((await ask(PING)).status).toBe(429)
    expect(keys).toEqual(['203.0.113.7', '203.0.113.7'])
  })
})

describe('an address that anybody can write', () => {
  it('is cut to whole characters', () => {
    const given = `${'x'.repeat(63)}\u{1f600}`
    expect(addressOf(new Headers({ 'cf-connecting-ip': given }))).toBe(`${'x'.repeat(63)}\ufffd`)
  })
})
