// What is counted in components of every shape.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMPONENTS, type Component } from '../../src/protocol/components.ts'
import { type JsonText, toJsonText } from '../../src/protocol/json-text.ts'
import { countsOf } from '../../src/session/context-summary.ts'
import { jsonContainerText } from '../support/engine-json.ts'

const counts = (component: Component, value: unknown) => countsOf(component, toJsonText(value))

describe('A workspace context', () => {
  it.each([
    [{ variables: ['x', 'y'] }, { entries: 1, variables: 2 }],
    [
      { variables: {}, bindings: { x: 1 } },
      { entries: 2, variables: 0, bindings: 1 },
    ],
    [{ error_state: { message: 'oops' } }, { entries: 1, has_error_state: true }],
    [{ error_state: {} }, { entries: 1, has_error_state: false }],
    [{ error_state: null, x: 1 }, { entries: 2 }],
    [{ x: 1, y: 2, z: 3 }, { entries: 3 }],
    [{ variables: 'none' }, { entries: 1 }],
    [['x', 'y'], { entries: 2 }],
  ])('%j is %j', (value, expected) => {
    expect(counts('workspace_context', value)).toEqual(expected)
  })
})

const registry = (entries: number, objects: number, references: number, dangling: number) => ({
  entries,
  objects,
  references,
  dangling_references: dangling,
})

describe('An object registry', () => {
  it.each([
    ['texts that describe objects', { obj_123: 'Object description' }, registry(1, 1, 0, 0)],
    ['texts that name objects', { a: 'b', b: 'a' }, registry(2, 2, 2, 0)],
    ['lists of references', { a: { refs: ['b', 'a', 'c'] }, b: {} }, registry(2, 2, 2, 1)],
    [
      'named references',
      { a: { references: { next: 'a', last: { id: 'x' } } } },
      registry(1, 1, 1, 1),
    ],
    ['numbers as ids', { 7: { refs: [7, { to: 8 }] } }, registry(1, 1, 1, 1)],
    ['objects in a member', { objects: { a: 'a' }, next: 2 }, registry(2, 1, 1, 0)],
    ['a list of objects', [{ id: 'a', refs: ['b'] }, { id: 'b' }], registry(2, 2, 1, 0)],
    ['nothing', {}, registry(0, 0, 0, 0)],
    ['refs that are no list', { a: { refs: 'a' } }, registry(1, 1, 0, 0)],
    ['a list without ids', [1, [], {}], { entries: 3 }],
  ])('with %s is counted', (_, value, expected) => {
    expect(counts('object_registry', value)).toEqual(expected)
  })
})

describe('An inspector state', () => {
  it.each([
    [{ selected_object: 'obj_123' }, { entries: 1, has_selected_object: true }],
    [{ selection: '' }, { entries: 1, has_selected_object: false }],
    [
      { views: { raw: {} }, custom_views: [] },
      { entries: 2, views: 1, custom_views: 0 },
    ],
    [{ navigation: ['a', 'b'] }, { entries: 1, navigation_depth: 2 }],
    [{ navigation: { breadcrumbs: ['a'] } }, { entries: 1, navigation_depth: 1 }],
    [{ navigation_history: [] }, { entries: 1, navigation_depth: 0 }],
    [{ navigation: 'home' }, { entries: 1 }],
  ])('%j is %j', (value, expected) => {
    expect(counts('inspector_state', value)).toEqual(expected)
  })
})

describe('Any other component', () => {
  it('is counted by what is at its top', () => {
    expect(counts('evaluation_history', [1, 2, 3])).toEqual({ entries: 3 })
    expect(counts('user_preferences', { theme: 'dark' })).toEqual({ entries: 1 })
  })
})

describe('Any text', () => {
  it('is counted without a throw, whatever its shape', () => {
    fc.assert(
      fc.property(jsonContainerText, fc.constantFrom(...COMPONENTS), (text, component) => {
        const value: unknown = JSON.parse(text)
        const { entries } = countsOf(component, text as JsonText)
        expect(entries).toBe(Object.keys(value as object).length)
      }),
      { seed: 107, numRuns: 300 }
    )
  })
})
