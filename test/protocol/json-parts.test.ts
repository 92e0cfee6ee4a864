// Any part of a text, cut out as it is spelled.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Part, partsOf } from '../../src/protocol/json-parts.ts'
import { isObjectText, type JsonText, outline } from '../../src/protocol/json-text.ts'
import { spelledObject, spelledValue } from './spelled-json.ts'

describe('the parts of a text', () => {
  it('are at every level what outline cuts', () => {
    fc.assert(
      fc.property(fc.oneof(spelledObject, spelledValue), (text) => {
        expectOutlined(partsOf(text as JsonText))
      }),
      { numRuns: 500 }
    )
  })

  it('are members of objects alone', () => {
    for (const text of ['[{"a":1}]', '"{}"', '1', 'null', 'true']) {
      expect(partsOf(text as JsonText).members()).toBeUndefined()
    }
  })
})

function expectOutlined(part: Part): void {
  const members = part.members()
  expect(members !== undefined).toBe(isObjectText(part.text))
  if (members === undefined) return
  const texts = [...members].map(([key, { text }]) => [key, text])
  expect(texts).toEqual([...outline(part.text).members])
  for (const inner of members.values()) expectOutlined(inner)
}
