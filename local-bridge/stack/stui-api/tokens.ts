// Tokens of the small STUI API: issued, revoked, and told about as RFC 7662 says. It knows its own tokens by their
// signature, so they are good after a restart; revocations are forgotten then.

import { compactVerify, SignJWT } from 'jose'
import type { Clock } from '../../../src/clock.ts'
import type { SigningAlgorithm, SigningKeys } from './keys.ts'
import { USERS, type UserName } from './users.ts'

/** Seconds that a token lasts. */
export const TOKEN_LIFETIME_S = 900

/** What the session service is called in `aud`. */
export const AUDIENCE = 'stui-sessions'

export type Claims = Readonly<Record<string, unknown>>

export type TokenOverrides = {
  readonly alg?: SigningAlgorithm
  /** Replaces claims; undefined leaves one out. */
  readonly claims?: Claims
  /** Replaces members of the header; undefined leaves one out. */
  readonly header?: Claims
}

export type Tokens = {
  issue(user: UserName, overrides?: TokenOverrides): Promise<string>
  revoke(token: string): void
  /** The answer to an introspection. */
  introspect(token: string): Promise<Claims>
}

export function createTokens(issuer: string, keys: SigningKeys, clock: Clock): Tokens {
  const revoked = new Set<string>()

  async function issue(user: UserName, { alg = 'ES256', claims, header }: TokenOverrides = {}) {
    const { sub, claims: own } = USERS[user]
    const now = Math.floor(clock.now() / 1000)
    const times = { iat: now, nbf: now, exp: now + TOKEN_LIFETIME_S }
    const jti = crypto.randomUUID()
    const payload = withoutUndefined({
      iss: issuer,
      aud: AUDIENCE,
      sub,
      jti,
      ...times,
      ...own,
      ...claims,
    })
    const key = keys.current(alg)
    return new SignJWT(payload)
      .setProtectedHeader({ ...withoutUndefined({ kid: key.kid, typ: 'at+jwt', ...header }), alg })
      .sign(key.privateKey)
  }

  async function introspect(token: string) {
    const payload = revoked.has(token) ? undefined : await signedClaims(token, keys)
    if (payload === undefined || hasEnded(payload, clock.now())) return { active: false }
    return { ...payload, active: true, token_type: 'Bearer' }
  }

  return { issue, introspect, revoke: (token) => void revoked.add(token) }
}

/** What a token says that is signed with a published key; undefined for any other text. */
async function signedClaims(token: string, keys: SigningKeys): Promise<Claims | undefined> {
  try {
    const { payload } = await compactVerify(token, ({ kid, alg }) => {
      const key = keys.published().find((one) => one.kid === kid && one.alg === alg)
      if (key === undefined) throw new Error('no key of ours')
      return key.publicKey
    })
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload))
    return typeof claims === 'object' && claims !== null ? { ...claims } : undefined
  } catch {
    // Whatever is wrong with it: it is none of ours.
    return undefined
  }
}

function hasEnded({ exp }: Claims, now: number): boolean {
  return typeof exp === 'number' && exp * 1000 <= now
}

function withoutUndefined(members: Claims): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
