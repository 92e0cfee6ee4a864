// Counting what the door refuses or answers itself, by subject and address.

import { describe, expect, it } from 'vitest'
import { createDoorLimits } from '../../src/http/door-limits.ts'
import { fixedClock, MINUTE, SECOND } from '../support/fixed-clock.ts'

const RATE = { perMinute: 60, burst: 3 }
const WAIT = { reason: 'rate_limited', retry_after_ms: SECOND }

const frida = { team: 'atelier', subject: 'user-frida', from: '203.0.113.7' }

function spent(times = 3) {
  const clock = fixedClock()
  const { paced } = createDoorLimits(clock)
  for (let n = 0; n < times; n += 1) paced(frida, RATE)
  return { clock, paced }
}

describe('somebody whose calls no object counts', () => {
  it('may make as many as the operator allows commands, and then waits', () => {
    const { clock, paced } = spent(2)
    expect(paced(frida, RATE)).toBeUndefined()
    expect(paced(frida, RATE)).toEqual(WAIT)
    clock.advance(SECOND)
    expect(paced(frida, RATE)).toBeUndefined()
    expect(paced(frida, RATE)).toEqual(WAIT)
  })

  it('is never shut out for good, however long it goes on', () => {
    const { clock, paced } = spent(10_000)
    expect(paced(frida, RATE)).toEqual(WAIT)
    clock.advance(MINUTE)
    for (let n = 0; n < 3; n += 1) expect(paced(frida, RATE)).toBeUndefined()
  })

  it.each([
    ['another address', { ...frida, from: '198.51.100.1' }],
    ['another subject at the address', { ...frida, subject: 'user-priya' }],
    ['a namesake in another team', { ...frida, team: 'other' }],
    ['names that only look the same together', { ...frida, team: 'atelier","user-frida' }],
  ])('does not spend what is for %s', (_, other) => {
    const { paced } = spent()
    expect(paced(frida, RATE)).toEqual(WAIT)
    expect(paced(other, RATE)).toBeUndefined()
  })

  it('is forgotten when ten thousand others came later: memory is bounded', () => {
    const { paced } = spent()
    for (let n = 0; n < 10_000; n += 1) paced({ ...frida, from: `a-${n}` }, RATE)
    expect(paced(frida, RATE)).toBeUndefined()
  })
})
