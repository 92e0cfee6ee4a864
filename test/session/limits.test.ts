// Which limits bind where the operator and the subscription both say something.

import { describe, expect, it } from 'vitest'
import { limitsOfTier } from '../../src/access/features.ts'
import { TIERS } from '../../src/access/principal.ts'
import { bindingLimits, DEFAULT_LIMITS } from '../../src/session/limits.ts'

const operator = { ...DEFAULT_LIMITS, activeSessions: 7, sessionBytes: 500 }

describe('The limits that bind', () => {
  it('are more sessions, whoever allows them, and fewer bytes', () => {
    const less = bindingLimits(operator, { activeSessions: 5, sessionBytes: 1000 })
    expect(less).toEqual(operator)
    const more = bindingLimits(operator, { activeSessions: 20, sessionBytes: 100 })
    expect(more).toEqual({ ...operator, activeSessions: 20, sessionBytes: 100 })
  })

  it('are the operator’s where the subscription says nothing', () => {
    expect(bindingLimits(operator, {})).toEqual(operator)
  })

  it.each(TIERS)('are those of the specification where both are as they come: %s', (tier) => {
    const { activeSessions, sessionBytes } = bindingLimits(DEFAULT_LIMITS, limitsOfTier(tier))
    expect(activeSessions).toBe({ free: 5, pro: 20, enterprise: 50 }[tier])
    expect(sessionBytes).toBe(1_000_000)
  })
})

describe('A tier that nobody knows', () => {
  it.each(['gold', '', '__proto__', 'constructor'])('has the limits of the least: "%s"', (tier) => {
    expect(limitsOfTier(tier)).toEqual(limitsOfTier('free'))
  })
})
