// What would change between two revisions, as the engine really tells it.

import { describe, expect, it } from 'vitest'
import { type Components, differences } from '../../../src/panel/view/difference.ts'
import { readExact, writeExact } from '../../../src/panel/view/exact-json.ts'

const lines = (forward: string, backward: string) =>
  differences(readExact(forward) as Components, readExact(backward) as Components).map(
    ({ component, path, before, after }) => [`${component} ${path}`.trim(), before, after]
  )

const part = (patch: string, exact = true) =>
  `{"session_state":{"change":"changed","exact":${exact},"patch":${patch}}}`

describe('a difference', () => {
  it('tells what is there now and what would be, value by value', () => {
    expect(
      lines(part('{"a":1,"b":{"c":null,"d":[1,2]}}'), part('{"a":2,"b":{"c":"x","d":[]}}'))
    ).toEqual([
      ['session_state a', '2', '1'],
      ['session_state b.c', '"x"', undefined],
      ['session_state b.d', '[]', '[1, 2]'],
    ])
  })

  it('keeps the spelling of numbers that a computer would round', () => {
    expect(lines(part('{"n":12345678901234567890}'), part('{"n":-0}'))).toEqual([
      ['session_state n', '-0', '12345678901234567890'],
    ])
  })

  it('leaves out what is the same on both sides of a patch that is none', () => {
    expect(lines(part('{"a":1,"b":null}', false), part('{"a":1,"b":2}', false))).toEqual([
      ['session_state b', '2', 'null'],
    ])
  })

  it('quotes names that look like a path', () => {
    expect(lines(part('{"a.b":{"c d":1}}'), part('{"a.b":null}'))).toEqual([
      ['session_state "a.b"."c d"', undefined, '1'],
    ])
  })

  it('tells of a whole component that would come or go', () => {
    const added = '{"workspace_context":{"change":"added","exact":true,"patch":{"x":1}}}'
    const removed = '{"workspace_context":{"change":"removed","exact":false}}'
    expect(lines(added, removed)).toEqual([['workspace_context x', undefined, '1']])
    expect(lines(removed, added)).toEqual([['workspace_context x', '1', undefined]])
  })

  it('says nothing of components that are the same', () => {
    const same = '{"session_state":{"change":"unchanged","exact":true}}'
    expect(lines(same, same)).toEqual([])
  })
})

it.each(['{ "a": 1.0, "__proto__": [1e400, "x"] }', '[]', '{}', '"\\u001b"', 'null', '-0'])(
  'JSON comes back as it was spelled: %s',
  (text) => {
    expect(writeExact(readExact(text))).toBe(text)
  }
)
