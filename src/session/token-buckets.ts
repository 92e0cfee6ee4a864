// A bucket of tokens for each name, such as a subject, in bounded memory: whoever was seen least recently is forgotten first,
// and begins with a full bucket again.

import { boundedMap } from '../access/bounded-map.ts'
import type { Rate } from './limits.ts'
import { type Bucket, fullBucket, takeToken } from './token-bucket.ts'

export type TokenBuckets = {
  /** Takes a token of this name's bucket; gives the milliseconds to wait if there is none, else 0. */
  take(name: string, now: number): number
}

/** @example const subjects = tokenBuckets({ perMinute: 600, burst: 100 }, 1000) */
export function tokenBuckets(rate: Rate, capacity: number): TokenBuckets {
  const buckets = boundedMap<Bucket>(capacity)
  return {
    take: (name, now) => {
      const { bucket, waitMs } = takeToken(buckets.get(name) ?? fullBucket(rate, now), rate, now)
      buckets.set(name, bucket)
      return waitMs
    },
  }
}
