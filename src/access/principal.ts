// Who asks: the team that bounds what can be seen, and what the subject may do in it.
// Made of verified credentials alone (claims.ts), never of anything that a message says.

/** The team of everybody where authentication is off; no token may name it. */
export const LOCAL_TEAM = 'local'

export const ROLES = ['member', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Subscription tiers, the least first. */
export const TIERS = ['free', 'pro', 'enterprise'] as const
export type Tier = (typeof TIERS)[number]

/** Somebody whose credentials were verified. */
export type Principal = {
  readonly team: string
  /** The person or program that the credentials were given to. */
  readonly subject: string
  readonly role: Role
  /** The client ids it may use: exact ids, or `prefix*`. Empty means every client id of the team. */
  readonly client_ids: readonly string[]
  readonly tier: Tier
  /** Features that are granted in addition to the tier's. */
  readonly features: readonly string[]
  /** When the credentials end, in epoch milliseconds; absent if they do not say. */
  readonly expires_at?: number
  /** When somebody has to be asked about the credentials again, in epoch milliseconds; absent if nobody is asked. */
  readonly believed_until?: number
}

/** Everybody where authentication is off. Without a verifier nobody has a paid tier. */
export const LOCAL_PRINCIPAL: Principal = {
  subject: 'local',
  team: LOCAL_TEAM,
  role: 'admin',
  client_ids: [],
  tier: 'free',
  features: [],
}
