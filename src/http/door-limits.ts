// Counts the calls of somebody with a good token that no object counts: what the door refuses, and what it answers in
// place. For each subject at each address, in the memory of one isolate, bounded. Nobody is shut out for good.

import { boundedMap } from '../access/bounded-map.ts'
import type { Principal } from '../access/principal.ts'
import type { Clock } from '../clock.ts'
import type { Failure } from '../protocol/failures.ts'
import type { Rate } from '../session/limits.ts'
import { type Bucket, fullBucket, takeToken } from '../session/token-bucket.ts'

/** Subjects at their addresses that are remembered; who was seen least recently is forgotten first. */
const CAPACITY = 10_000

export type DoorLimits = {
  /** Takes a token of the subject's at the address; says no if there is none. */
  paced(who: AtAddress, rate: Rate): Failure | undefined
}

export type AtAddress = Pick<Principal, 'team' | 'subject'> & { readonly from: string }

export function createDoorLimits(clock: Clock): DoorLimits {
  const buckets = boundedMap<Bucket>(CAPACITY)
  return {
    paced: ({ from, team, subject }, rate) => {
      const now = clock.now()
      const name = JSON.stringify([from, team, subject])
      const { bucket, waitMs } = takeToken(buckets.get(name) ?? fullBucket(rate, now), rate, now)
      buckets.set(name, bucket)
      return waitMs > 0 ? { reason: 'rate_limited', retry_after_ms: waitMs } : undefined
    },
  }
}
