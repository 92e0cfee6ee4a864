// Sealed texts: they open at their own place, whole, and with their own key.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCipher, type Place } from '../../src/storage/cipher.ts'
import { testCipher, testKey } from '../support/engine-cipher.ts'
import { flippedBytes } from '../support/engine-rows.ts'

const PLACE: Place = {
  team: 'local',
  client_id: 'client_001',
  name: ['component', 'session_1', 'session_state', 2],
}
const at = (...name: Place['name']): Place => ({ ...PLACE, name })

describe('A sealed text', () => {
  it('opens as the text that it was, whatever that is', () => {
    const cipher = testCipher('a')
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme', minLength: 200, maxLength: 2000 }),
      fc.constantFrom('', '\u0000', '\ufeff{}', '\u{10ffff}')
    )
    const opensAgain = (text: string) => {
      expect(cipher.open(cipher.seal(text, PLACE), PLACE)).toBe(text)
    }
    fc.assert(fc.property(texts, opensAgain), { seed: 4471, numRuns: 500 })
  })

  it('differs each time, and shows nothing of the text', () => {
    const cipher = testCipher('a')
    const text = '{"marker":"visible"}'
    const [one, two] = [cipher.seal(text, PLACE), cipher.seal(text, PLACE)]
    expect(Buffer.from(one).equals(two)).toBe(false)
    expect(Buffer.from(one).toString('latin1')).not.toContain('visible')
  })

  it.each<[string, Place]>([
    ['team', { ...PLACE, team: 'other' }],
    ['client', { ...PLACE, client_id: 'client_002' }],
    ['table', at('revision', 'session_1', 'session_state', 2)],
    ['session', at('component', 'session_2', 'session_state', 2)],
    ['component', at('component', 'session_1', 'workspace_context', 2)],
    ['revision', at('component', 'session_1', 'session_state', 3)],
    ['split of its name', at('component', 'session_1,session_state', 2)],
  ])('does not open at another %s', (_, elsewhere) => {
    const cipher = testCipher('a')
    expect(cipher.open(cipher.seal('{"n":1}', PLACE), elsewhere)).toBeUndefined()
  })

  it('does not open at another place even where both clients have one key', () => {
    const cipher = testCipher('a')
    const sealed = cipher.seal('{"n":1}', { ...PLACE, team: 'a', client_id: 'b\0c' })
    expect(cipher.open(sealed, { ...PLACE, team: 'a\0b', client_id: 'c' })).toBeUndefined()
  })

  it('does not open with a flipped bit, wherever it is', () => {
    const cipher = testCipher('a', 'b', 'c')
    const sealed = cipher.seal('{"n":1}', PLACE)
    for (let index = 0; index < sealed.length; index += 1) {
      expect(cipher.open(flippedBytes(sealed, index), PLACE)).toBeUndefined()
    }
  })

  it('does not open when it is cut, lengthened or empty', () => {
    const cipher = testCipher('a')
    const sealed = cipher.seal('{"n":1}', PLACE)
    for (let length = 0; length < sealed.length; length += 1) {
      expect(cipher.open(sealed.subarray(0, length), PLACE)).toBeUndefined()
    }
    expect(cipher.open(Buffer.concat([sealed, Buffer.from([0])]), PLACE)).toBeUndefined()
  })
})

describe('A ring of keys', () => {
  it('opens what each of them has sealed, and seals with the newest', () => {
    const [old, rotated, retired] = [testCipher('a'), testCipher('b', 'a'), testCipher('b')]
    const before = old.seal('{"n":1}', PLACE)
    const after = rotated.seal('{"n":2}', PLACE)
    expect(rotated.open(before, PLACE)).toBe('{"n":1}')
    expect(retired.open(after, PLACE)).toBe('{"n":2}')
    expect(old.open(after, PLACE)).toBeUndefined()
    expect(retired.open(before, PLACE)).toBeUndefined()
  })

  it('does not open what another key of the same id has sealed', () => {
    const forged = { ...testKey('b'), id: 'a' }
    const other = createCipher({ keys: [forged], random: (count) => new Uint8Array(count) })
    expect(other.open(testCipher('a').seal('{}', PLACE), PLACE)).toBeUndefined()
  })

  it('has at least one', () => {
    const none = () => createCipher({ keys: [], random: (count) => new Uint8Array(count) })
    expect(none).toThrow('at least one key')
  })
})
