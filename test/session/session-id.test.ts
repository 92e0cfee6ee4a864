// Session ids: addresses that nobody else can make.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mintKey, routeOf, sessionIds, verifiedRoute } from '../../src/session/session-id.ts'
import { seededBytes } from '../support/engine-random.ts'
import { START } from '../support/fixed-clock.ts'

const SECRET = new Uint8Array(32).fill(7)
const OTHER = new Uint8Array(32).fill(8)
const OWNER = { team: 'local', client_id: 'client_001' }
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const idsOf = (...secrets: Uint8Array[]) => sessionIds({ secrets, random: seededBytes(1) })

describe('A session id', () => {
  const id = idsOf(SECRET).mint(OWNER, 3, START)

  it('has the four parts of the specification', () => {
    expect(id).toMatch(/^session_3_1772355600_[0-9A-Za-z]{48}$/)
  })

  it("leads to its owner's object", () => {
    expect(verifiedRoute(id, [SECRET])).toBe(routeOf(OWNER))
  })

  it('is no longer than an id may be, however many sessions there were', () => {
    const last = idsOf(SECRET).mint(OWNER, 999_999_999_999_999, START)
    expect(verifiedRoute(last, [SECRET])).toBe(routeOf(OWNER))
    expect(last.length).toBeLessThan(255)
  })

  it('is refused when any one character is another', () => {
    for (let at = 0; at < id.length; at += 1) {
      for (const digit of [...DIGITS, '_', ' ', 'é']) {
        if (digit === id[at]) continue
        const forged = id.slice(0, at) + digit + id.slice(at + 1)
        expect(verifiedRoute(forged, [SECRET]), `${digit} at ${at}`).toBeUndefined()
      }
    }
  })

  it('is refused when it is longer, shorter, or something else', () => {
    for (const forged of [
      `${id}0`,
      id.slice(0, -1),
      ` ${id}`,
      `${id}\n`,
      '',
      'session_1',
      id + id,
    ]) {
      expect(verifiedRoute(forged, [SECRET])).toBeUndefined()
    }
  })

  it('is refused whatever text it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(verifiedRoute(text, [SECRET])).toBeUndefined()
        expect(verifiedRoute(`session_1_1_${text}`, [SECRET])).toBeUndefined()
      }),
      { seed: 1 }
    )
  })

  it('is refused by a deployment with another secret, or none', () => {
    expect(verifiedRoute(id, [OTHER])).toBeUndefined()
    expect(verifiedRoute(id, [])).toBeUndefined()
  })

  it('stays good when a newer secret signs, and the new ones are good, too', () => {
    const rotated = idsOf(OTHER, SECRET)
    expect(rotated.isOf(OWNER, id)).toBe(true)
    const fresh = rotated.mint(OWNER, 4, START)
    expect(verifiedRoute(fresh, [OTHER])).toBe(routeOf(OWNER))
    expect(verifiedRoute(fresh, [SECRET])).toBeUndefined()
  })

  it('belongs to one client of one team', () => {
    const ids = idsOf(SECRET)
    expect(ids.isOf(OWNER, id)).toBe(true)
    expect(ids.isOf({ ...OWNER, client_id: 'client_002' }, id)).toBe(false)
    expect(ids.isOf({ ...OWNER, team: 'other' }, id)).toBe(false)
  })

  it('is never made twice, even for the same owner, ordinal and second', () => {
    const ids = idsOf(SECRET)
    const made = Array.from({ length: 10_000 }, () => ids.mint(OWNER, 1, START))
    expect(new Set(made).size).toBe(made.length)
  })

  it('uses every digit about equally often in its nonce', () => {
    const ids = idsOf(SECRET)
    const counts = new Map<string, number>()
    for (let n = 0; n < 5000; n += 1) {
      const nonce = ids.mint(OWNER, 1, START).slice(-26, -10)
      for (const digit of nonce) counts.set(digit, (counts.get(digit) ?? 0) + 1)
    }
    const expected = (5000 * 16) / DIGITS.length
    expect([...counts.keys()].sort().join('')).toBe(DIGITS)
    for (const count of counts.values()) expect(Math.abs(count / expected - 1)).toBeLessThan(0.2)
  })

  it('needs a secret', () => {
    expect(() => idsOf()).toThrow('at least one secret')
  })
})

describe('A route', () => {
  it('is 22 letters and digits', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (team, client_id) => {
        expect(routeOf({ team, client_id })).toMatch(/^[0-9A-Za-z]{22}$/)
      }),
      { seed: 1 }
    )
  })

  it('differs for equal client ids in two teams', () => {
    expect(routeOf({ ...OWNER, team: 'other' })).not.toBe(routeOf(OWNER))
  })

  it('does not take the end of a team for the beginning of a client', () => {
    expect(routeOf({ team: 'ab', client_id: 'c' })).not.toBe(
      routeOf({ team: 'a', client_id: 'bc' })
    )
    expect(routeOf({ team: 'local', client_id: 'a' })).not.toBe(
      routeOf({ team: 'loca', client_id: 'la' })
    )
  })

  it('can be confused only by a NUL, which no client id may hold', () => {
    expect(routeOf({ team: 'a\0b', client_id: 'c' })).toBe(
      routeOf({ team: 'a', client_id: 'b\0c' })
    )
  })

  it('has a mint key of its own, which signs for no other route', () => {
    const route = routeOf(OWNER)
    expect(mintKey(SECRET, route)).not.toEqual(
      mintKey(SECRET, routeOf({ ...OWNER, team: 'other' }))
    )
    expect(mintKey(SECRET, route)).not.toEqual(mintKey(OTHER, route))
    expect(mintKey(SECRET, route)).toHaveLength(32)
  })
})
