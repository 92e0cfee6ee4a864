// Counts, for each address, the calls that came without a good token. In the memory of one isolate, bounded;
// the platform's own counter is asked beside it where there is one. Nobody is shut out for good.

import { boundedMap } from '../access/bounded-map.ts'
import type { Clock } from '../clock.ts'
import type { Rate } from '../session/limits.ts'
import { type Bucket, fullBucket, takeToken } from '../session/token-bucket.ts'

/** Calls without a good token that one address may make. */
export const FAILURES: Rate = { perMinute: 30, burst: 10 }

/** Addresses that are remembered; the one that was seen least recently is forgotten first. */
const CAPACITY = 10_000

export type FailureLimits = {
  /** Milliseconds until the address may fail again; 0 if it may now. Counts nothing. */
  waitMs(address: string): number
  /** Counts a failure; gives the milliseconds to wait if it was one too many, else 0. */
  count(address: string, platform?: Counter): Promise<number>
}

/** The part of the platform's rate limiting that is used. */
export type Counter = Pick<RateLimit, 'limit'>

export function createFailureLimits(clock: Clock): FailureLimits {
  const buckets = boundedMap<Bucket>(CAPACITY)

  function take(address: string) {
    const now = clock.now()
    return takeToken(buckets.get(address) ?? fullBucket(FAILURES, now), FAILURES, now)
  }

  return {
    waitMs: (address) => take(address).waitMs,
    count: async (address, platform) => {
      const { bucket, waitMs } = take(address)
      buckets.set(address, bucket)
      const counted = await platform?.limit({ key: address })
      if (counted?.success !== false) return waitMs
      // Too many elsewhere: the address has nothing left here either.
      buckets.set(address, { tokens: 0, at: clock.now() })
      return take(address).waitMs
    },
  }
}

/** The longest text that is taken for an address; where no platform sets the header, anybody can write it. */
const MAX_ADDRESS_LENGTH = 64

/** The address of a request as the platform tells it; of IPv6 the network, as everybody has a whole one. */
export function addressOf(headers: Headers): string {
  const address = headers.get('cf-connecting-ip') ?? 'local'
  if (!address.includes(':') || address.includes('.')) return cut(address)
  const groups = (address.split('::')[0] ?? '').split(':').filter((group) => group !== '')
  return cut([...groups, '0', '0', '0', '0'].slice(0, 4).join(':'))
}

/** A text that is cut through a character holds none that nobody can store. */
function cut(address: string): string {
  return address.slice(0, MAX_ADDRESS_LENGTH).toWellFormed()
}
