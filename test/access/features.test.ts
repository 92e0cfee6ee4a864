// What a subscription allows.

import { describe, expect, it } from 'vitest'
import {
  FEATURES,
  featureAccess,
  mayUseFeature,
  NEVER,
  TIER_LIMITS,
} from '../../src/access/features.ts'
import { LOCAL_PRINCIPAL, TIERS } from '../../src/access/principal.ts'

const EXPIRES = Date.UTC(2026, 2, 1, 10)
const free = { ...LOCAL_PRINCIPAL, expires_at: EXPIRES }
const pro = { ...free, tier: 'pro' } as const

describe('Access to a feature', () => {
  it('is granted by the tier', () => {
    expect(featureAccess(pro, 'remote_debugger')).toEqual({
      feature: 'remote_debugger',
      access_granted: true,
      subscription_tier: 'pro',
      expires_at: '2026-03-01T10:00:00.000Z',
    })
  })

  it('is denied below the tier, with the tier that it takes', () => {
    expect(featureAccess(free, 'remote_debugger')).toEqual({
      feature: 'remote_debugger',
      access_granted: false,
      subscription_tier: 'free',
      expires_at: '2026-03-01T10:00:00.000Z',
      reason: 'tier_too_low',
      required_tier: 'pro',
    })
  })

  it.each(['telepathy', '', '__proto__', 'constructor', 'toString'])(
    'is denied for the unknown feature "%s"',
    (feature) => {
      expect(featureAccess(pro, feature)).toEqual({
        feature,
        access_granted: false,
        subscription_tier: 'pro',
        expires_at: '2026-03-01T10:00:00.000Z',
        reason: 'unknown_feature',
      })
    }
  )

  it('is granted by the token in addition to the tier', () => {
    const granted = { ...free, features: ['remote_debugger', 'beta_canvas'] }
    expect(featureAccess(granted, 'remote_debugger').access_granted).toBe(true)
    expect(featureAccess(granted, 'beta_canvas').access_granted).toBe(true)
    expect(featureAccess(granted, 'other_canvas').access_granted).toBe(false)
  })

  it('never ends where the credentials do not', () => {
    expect(featureAccess(LOCAL_PRINCIPAL, 'session_persistence').expires_at).toBe(NEVER)
  })

  it.each(TIERS)('to what every tier has is granted on %s', (tier) => {
    expect(mayUseFeature({ ...free, tier }, 'session_persistence')).toBe(true)
    expect(mayUseFeature({ ...free, tier }, 'context_restoration')).toBe(true)
  })

  it('never shrinks with a higher tier', () => {
    for (const feature of FEATURES.keys()) {
      const granted = TIERS.map((tier) => mayUseFeature({ ...free, tier }, feature))
      expect(granted).toEqual(granted.toSorted())
    }
  })
})

describe('The limits of the tiers', () => {
  it('are these', () => {
    expect(TIER_LIMITS).toEqual({
      free: { activeSessions: 5, sessionBytes: 1_000_000 },
      pro: { activeSessions: 20, sessionBytes: 1_000_000 },
      enterprise: { activeSessions: 50, sessionBytes: 1_000_000 },
    })
  })
})
