// How often a client's object may be asked. Its owner has a bucket; everybody else has a smaller one, which is the same
// whether the object is somebody's or nobody's: it tells nothing of the owner, and nobody spends what is the owner's.

import type { Caller } from '../protocol/call.ts'
import type { Owner } from '../storage/clients.ts'
import type { Rate } from './limits.ts'
import { fullBucket, takeToken } from './token-bucket.ts'
import { tokenBuckets } from './token-buckets.ts'

/** Everybody else may ask a fifth as often as the owner. */
const OTHERS_PART = 5

/** Others that are remembered; who asked least recently is forgotten first. */
const OTHERS_KNOWN = 256

export type Allowance = {
  /** Takes a token of the caller's; gives the milliseconds to wait if there is none, else 0. */
  take(owner: Owner | undefined, caller: Caller, now: number): number
  /** Takes the owner's token for the creation that has made somebody the owner. */
  takeFirst(now: number): void
}

/** @example const waitMs = createAllowance(limits.commands, now).take(owner, caller, now) */
export function createAllowance(rate: Rate, start: number): Allowance {
  const others = tokenBuckets(partOf(rate), OTHERS_KNOWN)
  let owners = fullBucket(rate, start)

  function takeOwners(now: number): number {
    const { bucket, waitMs } = takeToken(owners, rate, now)
    owners = bucket
    return waitMs
  }

  return {
    take: (owner, caller, now) =>
      isOwner(owner, caller)
        ? takeOwners(now)
        : others.take(JSON.stringify([caller.team, caller.subject]), now),
    takeFirst: takeOwners,
  }
}

/** True for the subject that owns the object. */
export function isOwner(owner: Owner | undefined, { team, subject }: Caller): boolean {
  return owner !== undefined && owner.team === team && owner.owner === subject
}

function partOf({ perMinute, burst }: Rate): Rate {
  const part = (whole: number) => Math.max(1, Math.floor(whole / OTHERS_PART))
  return { perMinute: part(perMinute), burst: part(burst) }
}
