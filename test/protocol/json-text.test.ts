// JSON kept as text: members are cut out, never parsed and written again.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asJsonText,
  isArrayText,
  isObjectText,
  items,
  type JsonText,
  levels,
  loneSurrogatePath,
  objectText,
  outline,
  utf8Bytes,
} from '../../src/protocol/json-text.ts'
import { spelledObject, spelledValue } from './spelled-json.ts'

const json = (text: string) => text as JsonText

describe('items', () => {
  it('are cut as JSON.parse finds them, each as it is spelled', () => {
    fc.assert(
      fc.property(fc.array(spelledValue), fc.constantFrom('', ' ', '\n\t'), (values, gap) => {
        const text = json(`${gap}[${gap}${values.join(`${gap},${gap}`)}${gap}]${gap}`)
        expect(isArrayText(text)).toBe(true)
        expect(items(text)).toEqual(values)
      }),
      { numRuns: 500 }
    )
  })
})

describe('outline', () => {
  it('cuts every object into the members that JSON.parse finds', () => {
    fc.assert(
      fc.property(spelledObject, (text) => {
        const { members } = outline(json(text))
        const parsed = JSON.parse(text) as Record<string, unknown>
        expect([...members.keys()].sort()).toEqual(Object.keys(parsed).sort())
        for (const [key, value] of members) {
          expect(JSON.parse(value)).toEqual(Object.entries(parsed).find(([k]) => k === key)?.[1])
          expect(text).toContain(value)
          expect(value.trim()).toBe(value)
        }
      }),
      { numRuns: 500 }
    )
  })

  it('takes the last of two equal keys', () => {
    expect(outline(json('{"a":1,"\\u0061":2}')).members.get('a')).toBe('2')
  })

  it('says how deeply the values nest', () => {
    expect(outline(json('{}')).deepest).toBe(0)
    expect(outline(json('{"a":"[[[","b":{"c":[1]}}')).deepest).toBe(2)
  })
})

describe('levels', () => {
  it('counts arrays and objects, and nothing inside strings', () => {
    expect(levels(json(' 1'))).toBe(0)
    expect(levels(json('"[["'))).toBe(0)
    expect(levels(json('{"a":[{}],"b":[]}'))).toBe(3)
  })

  it('agrees with the parsed value', () => {
    const depth = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depth))
        : 0
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(levels(json(JSON.stringify(value, null, 1)))).toBe(depth(value))
      })
    )
  })
})

describe('objectText', () => {
  it('joins members to what JSON.parse reads back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), spelledValue)), (members) => {
        const text = objectText(members.map(([key, value]) => [key, json(value)] as const))
        expect(outline(text).members).toEqual(new Map(members))
      })
    )
  })
})

describe('asJsonText', () => {
  it('takes JSON as it is, and nothing else', () => {
    expect(asJsonText(' {"a":1} ')).toBe(' {"a":1} ')
    expect(asJsonText('{a:1}')).toBeUndefined()
    expect(asJsonText('')).toBeUndefined()
  })
})

describe('isObjectText', () => {
  it('tells an object from everything else', () => {
    expect(isObjectText(json('\n {}'))).toBe(true)
    expect(isObjectText(json('[{}]'))).toBe(false)
    expect(isObjectText(json('"{"'))).toBe(false)
  })
})

describe('utf8Bytes', () => {
  it('counts bytes, not characters', () => {
    expect(utf8Bytes('é😀')).toBe(6)
  })
})

describe('loneSurrogatePath', () => {
  it('finds half a pair wherever it is, and nothing in whole text', () => {
    expect(loneSurrogatePath({ a: ['x', { b: '\ud800' }] })).toBe('a.1.b')
    expect(loneSurrogatePath({ a: { '\udc00': 1 } })).toBe('a')
    expect(loneSurrogatePath('\ud800')).toBe('')
    expect(loneSurrogatePath({ a: '😀', b: null, c: 1 })).toBeUndefined()
  })
})
