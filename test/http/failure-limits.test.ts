// Counting calls without a good token, by address.

import { describe, expect, it } from 'vitest'
import { addressOf, createFailureLimits, FAILURES } from '../../src/http/failure-limits.ts'
import { fixedClock, MINUTE, SECOND } from '../support/fixed-clock.ts'

async function failing(times: number) {
  const clock = fixedClock()
  const limits = createFailureLimits(clock)
  for (let n = 0; n < times; n += 1) await limits.count('a')
  return { clock, limits }
}

describe('an address', () => {
  it('may fail ten times at once and thirty times a minute', async () => {
    expect(FAILURES).toEqual({ perMinute: 30, burst: 10 })
    const { clock, limits } = await failing(9)
    expect(limits.waitMs('a')).toBe(0)
    expect(await limits.count('a')).toBe(0)
    expect(await limits.count('a')).toBe(2 * SECOND)
    expect(limits.waitMs('a')).toBe(2 * SECOND)
    clock.advance(2 * SECOND)
    expect(await limits.count('a')).toBe(0)
    expect(await limits.count('a')).toBe(2 * SECOND)
  })

  it('is never shut out for good, however long it goes on', async () => {
    const { clock, limits } = await failing(10_000)
    expect(limits.waitMs('a')).toBe(2 * SECOND)
    clock.advance(MINUTE)
    expect(limits.waitMs('a')).toBe(0)
  })

  it('does not pay for another one, nor for being looked at', async () => {
    const { limits } = await failing(10)
    for (let n = 0; n < 100; n += 1) expect(limits.waitMs('b')).toBe(0)
    expect(await limits.count('b')).toBe(0)
  })
})

describe('the counter of the platform', () => {
  it('is asked about failures alone, by address, and its no counts here too', async () => {
    const keys: string[] = []
    const platform = {
      limit: async ({ key }: { readonly key: string }) => ({ success: keys.push(key) < 3 }),
    }
    const limits = createFailureLimits(fixedClock())
    expect(limits.waitMs('a')).toBe(0)
    expect(await limits.count('a', platform)).toBe(0)
    expect(await limits.count('a', platform)).toBe(0)
    expect(await limits.count('a', platform)).toBe(2 * SECOND)
    expect(limits.waitMs('a')).toBe(2 * SECOND)
    expect(keys).toEqual(['a', 'a', 'a'])
  })
})

describe('the address of a request', () => {
  it.each([
    [undefined, 'local'],
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
    ['x'.repeat(5000), 'x'.repeat(64)],
  ])('is that of the platform, or the network of IPv6: %s', (given, address) => {
    const headers = new Headers(given === undefined ? {} : { 'cf-connecting-ip': given })
    expect(addressOf(headers)).toBe(address)
  })
})
