// The people whom the small STUI API knows: one on each tier, an admin, and somebody in another team.

import type { Role, Tier } from '../../../src/access/principal.ts'

export type User = {
  readonly sub: string
  /** For the token endpoint of a local stack; no secret. */
  readonly password: string
  readonly claims: UserClaims
}

export type UserClaims = {
  readonly team: string
  readonly tier: Tier
  readonly role?: Role
  readonly client_ids?: readonly string[]
  readonly features?: readonly string[]
}

export const USERS = {
  frida: user('frida', { team: 'atelier', role: 'member', tier: 'free' }),
  priya: user('priya', { team: 'atelier', role: 'member', tier: 'pro' }),
  enzo: user('enzo', { team: 'atelier', role: 'admin', tier: 'enterprise' }),
  /** May use only the clients whose id begins with `kiosk-`, and `till`. */
  kiosk: user('kiosk', { team: 'atelier', tier: 'free', client_ids: ['kiosk-*', 'till'] }),
  /** On the free tier, with the debugger granted by name. */
  tessa: user('tessa', { team: 'atelier', tier: 'free', features: ['remote_debugger'] }),
  olga: user('olga', { team: 'outpost', role: 'admin', tier: 'pro' }),
} as const satisfies Record<string, User>

export type UserName = keyof typeof USERS

export const USER_NAMES = Object.keys(USERS).filter(isUserName)

/** The user of this name and password. */
export function signedIn(name: string | null, password: string | null): UserName | undefined {
  const known = name !== null && isUserName(name) ? name : undefined
  return known !== undefined && USERS[known].password === password ? known : undefined
}

export function isUserName(name: string): name is UserName {
  return Object.hasOwn(USERS, name)
}

function user(name: string, claims: UserClaims): User {
  return { sub: `user-${name}`, password: name, claims }
}
