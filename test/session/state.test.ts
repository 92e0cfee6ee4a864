// Which component gets which text.

import { describe, expect, it } from 'vitest'
import type { JsonText } from '../../src/protocol/json-text.ts'
import { givenState, inOrder } from '../../src/session/state.ts'

function given(parameters: Readonly<Record<string, string>>) {
  const outcome = givenState(parameters as Readonly<Record<string, JsonText>>, () => {})
  return outcome.ok ? Object.fromEntries(outcome.value) : outcome.failure
}

describe('The state of a request', () => {
  it('is what is named, each in its place', () => {
    expect(given({ state_data: '{"a":1}', workspace_context: '{}' })).toEqual({
      session_state: '{"a":1}',
      workspace_context: '{}',
    })
  })

  it('is empty without any', () => {
    expect(given({})).toEqual({})
  })

  it('is taken out of state_data in its own spelling', () => {
    expect(
      given({ state_data: '{ "n": 1E2, "inspector_state" : { "x" : -0 } , "m": [1, 2]}' })
    ).toEqual({ session_state: '{"n":1E2,"m":[1, 2]}', inspector_state: '{ "x" : -0 }' })
  })

  it('keeps state_data to the letter where nothing is taken out', () => {
    const spaced = '{ "text": "about workspace_context",\n "n": 1.0 }'
    expect(given({ state_data: spaced })).toEqual({ session_state: spaced })
    expect(given({ state_data: '["workspace_context"]' })).toEqual({
      session_state: '["workspace_context"]',
    })
  })

  it('has no session state when state_data holds other components alone', () => {
    expect(given({ state_data: '{"object_registry":{}}' })).toEqual({ object_registry: '{}' })
  })

  it('keeps a member that is called session_state', () => {
    const text = '{"session_state":{"a":1},"user_preferences":{}}'
    expect(given({ state_data: text })).toEqual({
      session_state: '{"session_state":{"a":1}}',
      user_preferences: '{}',
    })
  })

  it('may be given twice in the same spelling', () => {
    const text = '{"a":1}'
    expect(given({ state_data: `{"inspector_state":${text}}`, inspector_state: text })).toEqual({
      inspector_state: text,
    })
  })

  it('may not be given twice with different values, nor as a scalar', () => {
    const refused = { reason: 'invalid_parameter', path: 'state_data.inspector_state' }
    expect(
      given({ state_data: '{"inspector_state":{"a":1}}', inspector_state: '{"a":2}' })
    ).toMatchObject(refused)
    expect(given({ state_data: '{"inspector_state":3}' })).toMatchObject(refused)
  })

  it('is absent where it is null, as every parameter', () => {
    expect(given({ state_data: '{"inspector_state":null,"a":1}' })).toEqual({
      session_state: '{"a":1}',
    })
  })
})

describe('The order of components', () => {
  it('is that of the specification', () => {
    expect(inOrder(['evaluation_history', 'session_state', 'inspector_state'])).toEqual([
      'session_state',
      'inspector_state',
      'evaluation_history',
    ])
  })
})
