// Whole states as images save them, for tests of what comes back: as texts, because it is the text that must be the same.

import fc from 'fast-check'
import type { Component } from '../../src/protocol/components.ts'
import { MAX_NESTING } from '../../src/protocol/limits.ts'
import { spelledContainer, spelledValue } from '../protocol/spelled-json.ts'

/** The texts of a whole state. */
export type Context = Readonly<Record<Component, string>>

/** Objects that refer to each other by id, so that every one can be reached from every one. */
const registry = fc.array(fc.tuple(spelledValue, fc.nat()), { maxLength: 40 }).map((objects) => {
  const members = objects.map(([value, step], index) => {
    const next = (index + 1) % objects.length
    const far = (index + step) % objects.length
    return `"obj_${index}":{"value":${value},"refs":["obj_${next}", "obj_${far}"]}`
  })
  return `{${members.join(',')}}`
})

/** A tree of so many levels with something in its leaf. */
const inspector = fc
  .tuple(fc.integer({ min: 1, max: MAX_NESTING - 8 }), spelledValue)
  .map(([levels, leaf]) => tree(levels, leaf))

/** Whole states with objects in circles, deep inspectors and every spelling of JSON. */
export const contexts: fc.Arbitrary<Context> = fc.record({
  session_state: spelledContainer,
  workspace_context: fc
    .tuple(spelledContainer, spelledContainer)
    .map(([variables, bindings]) => `{"variables":${variables} , "bindings":${bindings}}`),
  inspector_state: inspector,
  object_registry: registry,
  user_preferences: spelledContainer,
  evaluation_history: fc
    .array(spelledValue, { maxLength: 5 })
    .map((entries) => `[ ${entries.join(' , ')}]`),
})

function tree(levels: number, leaf: string): string {
  return `${'{"children" : '.repeat(levels)}${leaf}${'}'.repeat(levels)}`
}

/** Nearly as large as a session may be, and as deep as a component may nest. */
export function largest(): Context {
  const count = 10_000
  const objects = Array.from({ length: count }, (_, index) => {
    const next = `"obj_${(index + 1) % count}"`
    return `"obj_${index}":{"class":"Смалтолк😀","id":9007199254740993,"z":-0,"refs":[${next}]}`
  })
  return {
    session_state: '{"n":123456789012345678901234567890,"__proto__":{"z":-0.0E-0}}',
    workspace_context: '{"variables":{"b":1,"a":{"value":1e400},"10":2,"9":3},"bindings":[]}',
    inspector_state: tree(MAX_NESTING - 1, '[]'),
    object_registry: `{${objects.join(',')}}`,
    user_preferences: '[{"a":1,"a":2}]',
    evaluation_history: '["\\u0061\\/\\ud83d\\ude00", "\u{10ffff}\u2028"]',
  }
}
