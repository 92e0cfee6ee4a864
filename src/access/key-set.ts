// The keys that the STUI API signs with: fetched once for many, kept, and fetched again when they are old or one is unknown.
// jose's own remote key set reads the machine's clock and asks a failing server anew for each token, hence this one.

import { createLocalJWKSet, errors, type LocalJWKSet } from 'jose'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { succeed } from '../outcome.ts'
import { createBackOff } from './back-off.ts'
import { discover } from './discovery.ts'
import { createLooks } from './looks.ts'
import { sharedWork } from './shared-work.ts'
import { API_LIMIT_MS, ask, type Fetch, jsonOf, type TimeLimit } from './stui-api.ts'
import { type Access, refuse, unavailable } from './verifier.ts'

/** Keys are fetched again after this time, so that a withdrawn one is not trusted for long. */
export const KEYS_MAX_AGE_MS = 10 * 60_000

/** Keys of this age are not trusted any more, even while the STUI API is away. */
export const KEYS_STALE_MS = 60 * 60_000

/**
 * Unknown key ids make us fetch so many times at once, and then at this pace: anybody can invent one. More at once than
 * one address may fail, and faster than it may fail, so that nobody alone keeps a rotation from being noticed.
 */
export const KEYS_LOOKS = { atOnce: 20, everyMs: 1000 } as const

export type KeySetOptions = {
  readonly issuer: string
  /** Where the keys are; found by discovery if absent. */
  readonly jwksUrl?: string
  readonly fetch: Fetch
  readonly clock: Clock
  readonly limit: TimeLimit
}

/** Which key a token asks for. */
export type KeyName = { readonly alg: string; readonly kid: string }

type PublicKey = Awaited<ReturnType<LocalJWKSet>>
type Keys = {
  readonly find: LocalJWKSet
  readonly readAt: number
  /** Reads are counted, as a clock may be set back. */
  readonly nth: number
}

export type KeySet = { find(name: KeyName): Promise<Access<PublicKey>> }

export function createKeySet({ issuer, jwksUrl, fetch, clock, limit }: KeySetOptions): KeySet {
  const late = unavailable('the STUI API did not give its keys in time')
  const share = sharedWork<Access<Keys>>({ clock, limit, waitMs: API_LIMIT_MS, late })
  const backOff = createBackOff(clock)
  const looks = createLooks(clock, KEYS_LOOKS.atOnce, KEYS_LOOKS.everyMs)
  let known: Keys | undefined
  let reads = 0

  async function find(name: KeyName): Promise<Access<PublicKey>> {
    const keys = await currentKeys()
    if (!keys.ok) return keys
    const found = await pick(keys.value, name)
    if (found !== undefined) return found
    const newer = await keysAfter(keys.value)
    if (!newer.ok) return newer
    return (await pick(newer.value, name)) ?? unknownKey
  }

  async function currentKeys(): Promise<Access<Keys>> {
    if (known !== undefined && age(known) < KEYS_MAX_AGE_MS) return succeed(known)
    const fetched = await refresh()
    if (fetched.ok || known === undefined || age(known) >= KEYS_STALE_MS) return fetched
    return succeed(known)
  }

  /** Keys in which a key may be that is not in these. */
  async function keysAfter(keys: Keys): Promise<Access<Keys>> {
    if (known !== undefined && known !== keys) return succeed(known)
    return looks.take() ? refresh() : unknownKey
  }

  async function refresh(): Promise<Access<Keys>> {
    if (backOff.pausing()) return unavailable('the STUI API did not give its keys a moment ago')
    return share('keys', async () => {
      const asked = { readAt: clock.now(), nth: ++reads }
      const fetched = await read(asked)
      // Late keys must not undo newer ones: one that was withdrawn would be trusted again.
      if (known !== undefined && known.nth > asked.nth) return fetched
      if (fetched.ok) known = fetched.value
      fetched.ok ? backOff.answered() : backOff.failed()
      return fetched
    })
  }

  async function read(asked: Omit<Keys, 'find'>): Promise<Access<Keys>> {
    const signal = limit(API_LIMIT_MS)
    const url = jwksUrl === undefined ? await publishedUrl(signal) : succeed(jwksUrl)
    if (!url.ok) return url
    const answer = await ask(fetch, { url: url.value }, signal)
    if (!answer.ok) return answer
    const json = jsonOf(answer.value)
    return json.ok ? keysOf(json.value, asked) : json
  }

  async function publishedUrl(signal: AbortSignal): Promise<Access<string>> {
    const endpoints = await discover(fetch, issuer, signal)
    return endpoints.ok ? succeed(endpoints.value.jwks_uri) : endpoints
  }

  /** A clock that was set back makes keys old rather than young. */
  function age({ readAt }: Keys): number {
    const passed = clock.now() - readAt
    return passed < 0 ? Number.POSITIVE_INFINITY : passed
  }

  return { find }
}

const unknownKey = refuse('the token is signed with a key that the STUI API does not publish')

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

function keysOf(json: unknown, asked: Omit<Keys, 'find'>): Access<Keys> {
  const { data } = jwksSchema.safeParse(json)
  if (data === undefined) return unavailable('the STUI API publishes no usable keys')
  return succeed({ find: createLocalJWKSet(data), ...asked })
}

/** The key of this name; undefined if it is not among the keys. */
async function pick(keys: Keys, name: KeyName): Promise<Access<PublicKey> | undefined> {
  try {
    return succeed(await keys.find(name))
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return undefined
    return unavailable('the STUI API publishes a key that cannot be used')
  }
}
