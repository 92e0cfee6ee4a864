// Which ids a registry names, and which a patch of it brings.

import { describe, expect, it } from 'vitest'
import type { JsonText } from '../../src/protocol/json-text.ts'
import { mentionedIds, patchedIds, registeredIds } from '../../src/session/object-registry.ts'

const text = (value: unknown) => JSON.stringify(value) as JsonText

describe('The ids of a registry', () => {
  it.each([
    ['are its members', { a: 1, b: null }, ['a', 'b']],
    ['are the members of objects', { version: 1, objects: { a: 1 } }, ['a']],
    ['are its members if objects holds nothing', { a: 1, objects: 'none' }, ['a', 'objects']],
    ['are what listed objects say', [{ id: 1 }, { object_id: 'b' }, 'c'], ['1', 'b', 'c']],
    ['are none in another shape', [{ name: 'x' }], []],
  ])('%s', (_, registry, ids) => {
    expect(registeredIds(text(registry))).toEqual(ids)
  })

  it('may have any name', () => {
    expect(registeredIds('{"__proto__":1,"":2}' as JsonText)).toEqual(['__proto__', ''])
  })
})

describe('The ids that a patch brings', () => {
  it.each([
    ['are those that it does not take away', { a: 1, b: null }, ['a']],
    ['are those in objects', { version: 2, objects: { c: {}, d: null } }, ['c']],
    ['are all that there are if it lists objects', { objects: [{ id: 1 }] }, undefined],
    ['are all that there are if it is a list', [{ id: 1 }], undefined],
  ])('%s', (_, patch, ids) => {
    expect(patchedIds(text(patch))).toEqual(ids)
  })
})

describe('A state mentions objects', () => {
  it.each([
    [{ selected: 'a', of: 'a' }, ['a']],
    [{ deep: [{ a: 7 }] }, ['a', '7']],
    [[7], ['7']],
    [{ b: 'about a' }, []],
    [['b', 'c'], []],
    [null, []],
  ])('in %j: %j', (value, ids) => {
    expect([...mentionedIds(value, new Set(['a', '7', '0', '1']))]).toEqual(ids)
  })
})
