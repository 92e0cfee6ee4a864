// From the claims of a verified token, or an introspection answer, to a principal.
// Identity is strict: a claim of the wrong shape refuses the token. A tier or role that is not known here is the least one.

import * as z from 'zod'
import { isoTime } from '../clock.ts'
import { succeed } from '../outcome.ts'
import { CLIENT_ID, MAX_ID_LENGTH } from '../protocol/limits.ts'
import { LOCAL_TEAM, type Principal, ROLES, TIERS } from './principal.ts'
import { type Access, LEEWAY_S, refuse } from './verifier.ts'

const MAX_CLIENT_IDS = 256
const MAX_FEATURES = 64
const MAX_FEATURE_LENGTH = 64

/** 9999-12-31T23:59:59Z: a later time cannot be written on the wire. */
const MAX_TIME_S = 253_402_300_799

const CLIENT_PATTERN = /^(?:[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}\*?|\*)$/

const seconds = z.number().min(0).max(MAX_TIME_S)
const team = z.string().regex(CLIENT_ID)
const tier = z.string().transform((name) => TIERS.find((known) => known === name) ?? 'free')

/** `null` counts as absent: many serialisers write it for a claim that is not set. */
const claimsSchema = z.object({
  // Printable: a subject is written into audit rows and shown to people.
  sub: z
    .string()
    .min(1)
    .max(MAX_ID_LENGTH)
    .regex(/^\P{Cc}+$/u),
  team: team.nullish(),
  org: team.nullish(),
  role: z
    .string()
    .transform((name) => ROLES.find((known) => known === name) ?? 'member')
    .nullish(),
  // An issuer that lists no client id means none, while our empty list means every one: refused, not guessed.
  client_ids: z.array(z.string().regex(CLIENT_PATTERN)).min(1).max(MAX_CLIENT_IDS).nullish(),
  tier: tier.nullish(),
  subscription_tier: tier.nullish(),
  features: z.array(z.string().min(1).max(MAX_FEATURE_LENGTH)).max(MAX_FEATURES).nullish(),
  exp: seconds.nullish(),
})

/** The principal that verified claims describe. */
export function principalOf(claims: unknown): Access<Principal> {
  const { data } = claimsSchema.safeParse(claims)
  if (data === undefined) return refuse(`the token has no usable ${wrongClaim(claims)} claim`)
  const named = data.team ?? data.org
  if (named === null || named === undefined) return refuse('the token has no usable team claim')
  if (named === LOCAL_TEAM) return refuse('the team of the token is a reserved name')
  return succeed({
    subject: data.sub,
    team: named,
    role: data.role ?? 'member',
    client_ids: data.client_ids ?? [],
    tier: data.tier ?? data.subscription_tier ?? 'free',
    features: data.features ?? [],
    ...(typeof data.exp === 'number' && { expires_at: Math.floor(data.exp * 1000) }),
  })
}

/** Whom a token must come from and be meant for. */
export type Expected = { readonly issuer: string; readonly audience: string }

const addressSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  nbf: seconds.nullish(),
  exp: seconds.nullish(),
})

/** Checks issuer, audience and times of claims that no JWT library has checked: an introspection answer's. */
export function checkClaims(claims: unknown, expected: Expected, now: number): Access<undefined> {
  const { data } = addressSchema.safeParse(claims)
  if (data === undefined) return refuse('the token has no usable iss, aud, nbf or exp claim')
  if (data.iss !== expected.issuer) return refuse('the token is from another issuer')
  const audiences = typeof data.aud === 'string' ? [data.aud] : data.aud
  if (!audiences.includes(expected.audience)) return refuse('the token is for another audience')
  const nowS = now / 1000
  if ((data.nbf ?? 0) > nowS + LEEWAY_S) return refuse('the token is not valid yet')
  if (typeof data.exp === 'number' && data.exp <= nowS - LEEWAY_S) return tokenExpired(data.exp)
  return succeed(undefined)
}

/** Refuses an expired token; `exp` is a claim of any shape. */
export function tokenExpired(exp: unknown): Access<never> {
  const { data } = seconds.safeParse(exp)
  if (data === undefined) return refuse('the token has no usable exp claim')
  return { ok: false, failure: { reason: 'token_expired', expired_at: isoTime(data * 1000) } }
}

function wrongClaim(claims: unknown): string {
  const path = claimsSchema.safeParse(claims).error?.issues[0]?.path[0]
  return typeof path === 'string' ? path : 'sub'
}
