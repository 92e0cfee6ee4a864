// Which classes the work of a session names.

import { describe, expect, it } from 'vitest'
import type { Component } from '../../src/protocol/components.ts'
import { classesIn } from '../../src/session/class-names.ts'

const named = (component: Component, value: unknown) => [...classesIn(component, value)].sort()

describe('The classes that a component names', () => {
  it('are those that registered objects say, in every shape of a registry', () => {
    const objects = { o1: { class: 'OrderedCollection', refs: ['o2'] }, o2: 'a Point' }
    for (const registry of [objects, { objects }, [{ id: 'o1', class: 'OrderedCollection' }]]) {
      expect(named('object_registry', registry)).toEqual(['OrderedCollection'])
    }
  })

  it('may be called class, class_name or className, and stand anywhere', () => {
    const inspector = {
      selection: { class: 'Point' },
      navigation: { breadcrumbs: [{ class_name: 'Rectangle' }] },
      views: [{ of: { className: 'ST.Core.Dictionary' } }],
    }
    expect(named('inspector_state', inspector)).toEqual([
      'Point',
      'Rectangle',
      'ST.Core.Dictionary',
    ])
  })

  it('are the types of variables and bindings, and of nothing else', () => {
    const type = { type: 'Fraction' }
    expect(named('workspace_context', { variables: { x: type } })).toEqual(['Fraction'])
    expect(named('workspace_context', { bindings: { x: type } })).toEqual(['Fraction'])
    expect(named('workspace_context', { variables: [type] })).toEqual(['Fraction'])
    expect(named('workspace_context', { error_state: type })).toEqual([])
    expect(named('object_registry', { o1: type })).toEqual([])
  })

  it('count once, and a metaclass as its class', () => {
    const registry = {
      o1: { class: 'Point' },
      o2: { class: 'Point class' },
      o3: { class: 'Point' },
    }
    expect(named('object_registry', registry)).toEqual(['Point'])
  })

  it.each([
    'dark',
    '',
    'Point class extra',
    'an OrderedCollection',
    'Point>>x',
    '<b>',
    3,
    null,
    {},
  ])('are not what is only called so: %j', (value) => {
    expect(named('object_registry', { o1: { class: value } })).toEqual([])
  })

  it.each(['', 3, null, [], {}, { variables: ['x'] }, { variables: null, bindings: 'none' }])(
    'are none where there is nothing to find them in: %j',
    (value) => {
      expect(named('workspace_context', value)).toEqual([])
    }
  )
})
