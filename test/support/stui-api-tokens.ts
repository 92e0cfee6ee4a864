// Tokens of the small STUI API: issued, revoked, and told about as RFC 7662 says.

import { SignJWT } from 'jose'
import type { Clock } from '../../src/clock.ts'
import type { SigningAlgorithm, SigningKeys } from './stui-api-keys.ts'
import { USERS, type UserName } from './stui-api-users.ts'

/** Seconds that a token lasts. */
export const TOKEN_LIFETIME_S = 900

/** What the session service is called in `aud`. */
export const AUDIENCE = 'stui-sessions'

export type TokenOverrides = {
  readonly alg?: SigningAlgorithm
  /** Replaces claims; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Replaces members of the header; undefined leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>
}

export type Tokens = {
  issue(user: UserName, overrides?: TokenOverrides): Promise<string>
  revoke(token: string): void
  /** The answer to an introspection. */
  introspect(token: string): Readonly<Record<string, unknown>>
}

export function createTokens(issuer: string, keys: SigningKeys, clock: Clock): Tokens {
  const issued = new Map<string, Readonly<Record<string, unknown>>>()

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
    const token = await new SignJWT(payload)
      .setProtectedHeader({ ...withoutUndefined({ kid: key.kid, typ: 'at+jwt', ...header }), alg })
      .sign(key.privateKey)
    issued.set(token, payload)
    return token
  }

  function introspect(token: string) {
    const payload = issued.get(token)
    if (payload === undefined || hasEnded(payload, clock.now())) return { active: false }
    return { ...payload, active: true, token_type: 'Bearer' }
  }

  return { issue, introspect, revoke: (token) => issued.delete(token) }
}

function hasEnded({ exp }: Readonly<Record<string, unknown>>, now: number): boolean {
  return typeof exp === 'number' && exp * 1000 <= now
}

function withoutUndefined(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
