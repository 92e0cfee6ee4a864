// Rate limiting: a bucket of tokens that refills with time. Pure; where the level is kept is the caller's business.

import type { Rate } from './limits.ts'

/** What adding up fractions of tokens may be off by; nobody waits for it. */
const ROUNDING = 1e-9

export type Bucket = { readonly tokens: number; readonly at: number }

/** A bucket as it is before its first use. */
export function fullBucket(rate: Rate, now: number): Bucket {
  return { tokens: rate.burst, at: now }
}

/** Takes one token; says how long to wait, in milliseconds, if there is none. */
export function takeToken(
  bucket: Bucket,
  { perMinute, burst }: Rate,
  now: number
): { readonly bucket: Bucket; readonly waitMs: number } {
  const perMs = perMinute / 60_000
  const level = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * perMs)
  if (level >= 1 - ROUNDING) return { bucket: { tokens: level - 1, at: now }, waitMs: 0 }
  return { bucket: { tokens: level, at: now }, waitMs: Math.ceil((1 - ROUNDING - level) / perMs) }
}
