// The patch between two texts, against the merge that applies it.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonText } from '../../src/protocol/json-text.ts'
import { diffPatch } from '../../src/session/diff.ts'
import { mergePatch } from '../../src/session/merge.ts'
import { jsonContainerText } from '../support/engine-json.ts'

const diff = (from: string, to: string) => diffPatch(from as JsonText, to as JsonText)

describe('The patch between two texts', () => {
  it.each([
    ['{"a":1}', '{"a":1}', '{}'],
    ['{"a":1,"b":2}', '{ "b":2, "a":1 }', '{}'],
    ['{"a":1}', '{}', '{"a":null}'],
    ['{}', '{"a":{}}', '{"a":{}}'],
    ['{"a":[1]}', '{"a":{}}', '{"a":{}}'],
    ['{"a":{"b":1,"c":2}}', '{"a":{"b":1,"c":3}}', '{"a":{"c":3}}'],
    ['{"a":[1,2]}', '{"a":[1,2,3]}', '{"a":[1,2,3]}'],
    ['[1]', '{"a":1}', '{"a":1}'],
    ['{"a":1}', '[null]', '[null]'],
    ['{"a":null,"b":1}', '{"a":null}', '{"b":null}'],
    ['{"a":9007199254740992}', '{"a":9007199254740993}', '{"a":9007199254740993}'],
    ['{"a":0}', '{"a":-0}', '{"a":-0}'],
    ['{"\\u0061":1}', '{"a":1}', '{}'],
    ['{"a":{"b": 1}}', '{"a":{"b":1}}', '{}'],
  ])('from %s to %s is %s', (from, to, patch) => {
    expect(diff(from, to)).toBe(patch)
  })

  it.each([
    ['{"a":1}', '{"a":null}'],
    ['{}', '{"a":{"b":null}}'],
    ['[]', '{"a":null}'],
    ['{"a":[1]}', '{"a":{"b":null}}'],
  ])('from %s to %s cannot be said, because a patch cannot set null', (from, to) => {
    expect(diff(from, to)).toBeUndefined()
  })

  it('leads from any text to any other, wherever there is one', () => {
    let said = 0
    fc.assert(
      fc.property(jsonContainerText, jsonContainerText, (from, to) => {
        const patch = diff(from, to)
        if (patch === undefined) return
        said += 1
        expect(JSON.parse(mergePatch(from as JsonText, patch))).toEqual(JSON.parse(to))
      }),
      { seed: 7396, numRuns: 500 }
    )
    expect(said).toBeGreaterThan(300)
  })

  it('can be said for every text that has no null as a member', () => {
    const value = fc.jsonValue({ noUnicodeString: false }).map((given) => JSON.stringify(given))
    fc.assert(
      fc.property(value, value, (from, to) => {
        if (/:null/.test(to)) return
        expect(diff(from, to)).toBeDefined()
      }),
      { seed: 7396, numRuns: 300 }
    )
  })
})
