// Rate limiting by tokens.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fullBucket, takeToken } from '../../src/session/token-bucket.ts'

const rates = fc.record({
  perMinute: fc.integer({ min: 1, max: 10_000 }),
  burst: fc.integer({ min: 1, max: 200 }),
})

const waits = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 300, size: 'max' })

describe('A token bucket', () => {
  it('gives its burst at once and then says how long to wait', () => {
    const rate = { perMinute: 10, burst: 2 }
    const first = takeToken(fullBucket(rate, 0), rate, 0)
    const second = takeToken(first.bucket, rate, 0)
    const third = takeToken(second.bucket, rate, 0)
    expect([first.waitMs, second.waitMs, third.waitMs]).toEqual([0, 0, 6000])
  })

  it('never holds more than its burst', () => {
    const rate = { perMinute: 10, burst: 2 }
    const { bucket } = takeToken(fullBucket(rate, 0), rate, 1e12)
    expect(bucket.tokens).toBe(1)
  })

  it('gives a token to whoever waits as long as told, and none a millisecond earlier', () => {
    fc.assert(
      fc.property(rates, waits, (rate, pauses) => {
        let bucket = fullBucket(rate, 0)
        let now = 0
        for (const pause of pauses) {
          now += pause
          const taken = takeToken(bucket, rate, now)
          if (taken.waitMs > 0) {
            expect(takeToken(taken.bucket, rate, now + taken.waitMs - 1).waitMs).toBe(1)
            expect(takeToken(taken.bucket, rate, now + taken.waitMs).waitMs).toBe(0)
          }
          bucket = taken.bucket
        }
      }),
      { seed: 1 }
    )
  })

  it('never gives more than its burst and what has refilled since', () => {
    fc.assert(
      fc.property(rates, waits, (rate, pauses) => {
        let bucket = fullBucket(rate, 0)
        let now = 0
        let given = 0
        for (const pause of pauses) {
          now += pause
          const taken = takeToken(bucket, rate, now)
          bucket = taken.bucket
          if (taken.waitMs === 0) given += 1
          expect(given).toBeLessThanOrEqual(rate.burst + (now * rate.perMinute) / 60_000 + 1e-6)
        }
      }),
      { seed: 1 }
    )
  })

  it('goes on where the clock steps back', () => {
    const rate = { perMinute: 60, burst: 1 }
    const { bucket } = takeToken(fullBucket(rate, 1000), rate, 1000)
    const back = takeToken(bucket, rate, 0)
    expect(back.waitMs).toBe(1000)
    expect(takeToken(back.bucket, rate, 1000).waitMs).toBe(0)
  })
})
