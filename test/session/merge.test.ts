// JSON Merge Patch on texts, against the algorithm of RFC 7396 on values.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonText } from '../../src/protocol/json-text.ts'
import { mergePatch } from '../../src/session/merge.ts'
import { jsonContainerText } from '../support/engine-json.ts'
import { mergedValue } from './model/merged-text.ts'

const merge = (target: string, patch: string) => mergePatch(target as JsonText, patch as JsonText)

/** The examples of appendix A whose patch is no object. */
const REPLACED = [
  ['["a","b"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]'],
  ['{"a":"foo"}', 'null'],
  ['{"a":"foo"}', '"bar"'],
] as const

describe('A merge patch', () => {
  for (const [target, patch] of REPLACED) {
    it(`that is ${patch} replaces everything`, () => {
      expect(merge(target, patch)).toBe(patch)
    })
  }

  it('means the same as the algorithm of the RFC, for any target and patch', () => {
    fc.assert(
      fc.property(jsonContainerText, jsonContainerText, (target, patch) => {
        const merged: unknown = JSON.parse(merge(target, patch))
        expect(merged).toEqual(mergedValue(JSON.parse(target), JSON.parse(patch)))
      }),
      { seed: 7396, numRuns: 500 }
    )
  })

  it('merged again changes nothing more', () => {
    fc.assert(
      fc.property(jsonContainerText, jsonContainerText, (target, patch) => {
        const once = merge(target, patch)
        expect(merge(once, patch)).toBe(once)
      }),
      { seed: 7396, numRuns: 500 }
    )
  })

  it('that is empty keeps every member as it is spelled', () => {
    const target = '{"a":9007199254740993,"b":-0,"c":{"d" : [1,  2]},"e":1E5}'
    expect(merge(target, '{}')).toBe(target)
    expect(merge(target, ' { } ')).toBe(target)
  })

  it('finds a member however its key is spelled', () => {
    expect(merge('{"\\u0061":1}', '{"a":2}')).toBe('{"a":2}')
    expect(merge('{"a":1}', '{"\\u0061":null}')).toBe('{}')
  })

  it('merges nested members and keeps the spelling beside them', () => {
    expect(merge('{"o":{"n":1E2,"x":{"y":-0}}}', '{"o":{"x":{"z":1}}}')).toBe(
      '{"o":{"n":1E2,"x":{"y":-0,"z":1}}}'
    )
  })
})
