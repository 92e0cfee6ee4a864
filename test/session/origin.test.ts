// What is remembered of ids is bounded, however often an image starts anew.

import { describe, expect, it } from 'vitest'
import { isStale, mergedOrigin, type Origin, staleAmong } from '../../src/session/origin.ts'

const at = (epoch: string) => ({ image_id: 'x', epoch })

describe('Where ids are from', () => {
  it('is remembered for the newest starts; older ids are stale with the first ones', () => {
    const ids = ['old', ...Array.from({ length: 100 }, (_, n) => `id ${n}`)]
    let origin: Origin = { ...at('first'), later: [] }
    for (let n = 0; n < 100; n += 1) {
      const merge = { ids: ids.slice(0, n + 2), named: [`id ${n}`], now: at(`start ${n}`) }
      origin = mergedOrigin(origin, merge)
    }
    expect(origin.later).toHaveLength(32)
    expect(staleAmong(ids, origin, at('start 99'))).toEqual(ids.slice(0, -1))
  })

  it('is the present start by any of the names that its bridges have for it', () => {
    const origin: Origin = { ...at('laptop'), later: [{ ...at('desk'), ids: ['b'] }] }
    const both = { ...at('desk'), epochs: ['desk', 'laptop'] }
    expect(isStale(origin, both)).toBe(false)
    expect(staleAmong(['a', 'b'], origin, { ...at('desk'), epochs: ['desk'] })).toEqual(['a'])
    expect(staleAmong(['a', 'b'], origin, { ...at('noon'), epochs: ['noon'] })).toEqual(['a', 'b'])
    expect(isStale(origin, { ...at(''), epochs: [] })).toBe(false)
  })

  it('is one start again when no earlier id is left', () => {
    const first: Origin = { ...at('1'), later: [] }
    const two = mergedOrigin(first, { ids: ['a', 'b'], named: ['b'], now: at('2') })
    expect(isStale(two, at('2'))).toBe(true)
    const one = mergedOrigin(two, { ids: ['b', 'c'], named: ['c'], now: at('2') })
    expect(one).toEqual({ ...at('2'), later: [] })
  })
})
