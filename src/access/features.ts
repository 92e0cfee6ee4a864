// What a subscription allows: features and limits by tier. The one table; nobody else compares tiers.
// It says who may, not whether the feature is built; a denial is an answer, not an error (conflict C-13).

import { isoTime } from '../clock.ts'
import { MAX_SESSION_BYTES } from '../protocol/limits.ts'
import { type Principal, TIERS, type Tier } from './principal.ts'

/** The least tier that has the feature. */
export const FEATURES: ReadonlyMap<string, Tier> = new Map([
  ['session_persistence', 'free'],
  ['context_restoration', 'free'],
  ['context_preservation', 'free'],
  ['object_registry', 'free'],
  ['remote_debugger', 'pro'],
])

export type TierLimits = {
  /** Active sessions of one client. */
  readonly activeSessions: number
  /** Bytes of JSON text of one session: the seeds' hard limit, which no tier lifts. */
  readonly sessionBytes: number
}

export const TIER_LIMITS: { readonly [T in Tier]: TierLimits } = {
  free: { activeSessions: 5, sessionBytes: MAX_SESSION_BYTES },
  pro: { activeSessions: 20, sessionBytes: MAX_SESSION_BYTES },
  enterprise: { activeSessions: 50, sessionBytes: MAX_SESSION_BYTES },
}

/** The limits of a tier; one that nobody knows is the least. */
export function limitsOfTier(tier: string): TierLimits {
  return TIER_LIMITS[TIERS.find((known) => known === tier) ?? 'free']
}

/** The result of `validate_feature_access` (seed 002). */
export type FeatureAccess = {
  readonly feature: string
  readonly access_granted: boolean
  readonly subscription_tier: Tier
  /** When the decision ends with the credentials that it was made from. */
  readonly expires_at: string
  readonly reason?: 'unknown_feature' | 'tier_too_low'
  readonly required_tier?: Tier
}

/** Told as `expires_at` where the credentials do not end: times on the wire are never null. */
export const NEVER = '9999-12-31T23:59:59.999Z'

/** Whether the principal may use the feature, and what it would take. */
export function featureAccess(principal: Principal, feature: string): FeatureAccess {
  const { tier, expires_at } = principal
  const facts = {
    feature,
    subscription_tier: tier,
    expires_at: expires_at === undefined ? NEVER : isoTime(expires_at),
  }
  if (mayUseFeature(principal, feature)) return { ...facts, access_granted: true }
  const required_tier = FEATURES.get(feature)
  if (required_tier === undefined) {
    return { ...facts, access_granted: false, reason: 'unknown_feature' }
  }
  return { ...facts, access_granted: false, reason: 'tier_too_low', required_tier }
}

/** True if the tier has the feature or the token grants it in addition. */
export function mayUseFeature({ tier, features }: Principal, feature: string): boolean {
  if (features.includes(feature)) return true
  const required = FEATURES.get(feature)
  return required !== undefined && TIERS.indexOf(tier) >= TIERS.indexOf(required)
}
