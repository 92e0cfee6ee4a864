// How often a client's object may be asked. Its owner has a bucket, and another one for work that a bridge acknowledged;
// everybody else has a smaller one, which is the same whether the object is somebody's or nobody's: it tells nothing of the
// owner, and nobody spends what is the owner's.

import type { Call, Caller } from '../protocol/call.ts'
import { isOfflineWork } from '../protocol/offline-work.ts'
import type { Owner } from '../storage/clients.ts'
import type { Rate } from './limits.ts'
import { fullBucket, takeToken } from './token-bucket.ts'
import { tokenBuckets } from './token-buckets.ts'

/** Everybody else may ask a fifth as often as the owner. */
const OTHERS_PART = 5

/**
 * Acknowledged work of the owner may come so many times as fast. Who says that it was acknowledged is whoever sends it: so
 * this is also the most that anybody gets by saying so.
 */
const DELIVERIES_TIMES = 5

/** Others that are remembered; who asked least recently is forgotten first. */
const OTHERS_KNOWN = 256

export type Allowance = {
  /** Takes a token of the caller's; gives the milliseconds to wait if there is none, else 0. */
  take(owner: Owner | undefined, call: Asking, now: number): number
  /** Takes the owner's token for the creation that has made somebody the owner. */
  takeFirst(now: number): void
}

/** What is known of a call that wants a token. */
export type Asking = Pick<Call, 'command' | 'parameters' | 'caller' | 'acknowledged'>

/** @example const waitMs = createAllowance(limits.commands, now).take(owner, call, now) */
export function createAllowance(rate: Rate, start: number): Allowance {
  const others = tokenBuckets(partOf(rate), OTHERS_KNOWN)
  const owners = bucketOf(rate, start)
  const deliveries = bucketOf(timesOf(rate), start)
  return {
    take: (owner, call, now) => {
      const { caller } = call
      if (!isOwner(owner, caller)) {
        return others.take(JSON.stringify([caller.team, caller.subject]), now)
      }
      return isDelivery(call) ? deliveries(now) : owners(now)
    },
    takeFirst: owners,
  }
}

/** A bucket for one: takes a token, or gives the milliseconds to wait. */
function bucketOf(rate: Rate, start: number): (now: number) => number {
  let level = fullBucket(rate, start)
  return (now) => {
    const { bucket, waitMs } = takeToken(level, rate, now)
    level = bucket
    return waitMs
  }
}

/** Work that was acknowledged: what only looks was not, nor what no bridge can do. */
function isDelivery({ command, parameters, acknowledged }: Asking): boolean {
  return acknowledged !== undefined && isOfflineWork(command, parameters)
}

/** True for the subject that owns the object. */
export function isOwner(owner: Owner | undefined, { team, subject }: Caller): boolean {
  return owner !== undefined && owner.team === team && owner.owner === subject
}

function timesOf({ perMinute, burst }: Rate): Rate {
  return { perMinute: perMinute * DELIVERIES_TIMES, burst: burst * DELIVERIES_TIMES }
}

function partOf({ perMinute, burst }: Rate): Rate {
  const part = (whole: number) => Math.max(1, Math.floor(whole / OTHERS_PART))
  return { perMinute: part(perMinute), burst: part(burst) }
}
