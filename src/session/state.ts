// The state that a request carries: which component gets which text (conflict C-1 of the seeds).

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { COMPONENTS, type Component, NAMED_COMPONENTS } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { isObjectText, type JsonText, objectText, outline } from '../protocol/json-text.ts'
import { boundedHistory } from './history.ts'

/** New texts of components. */
export type Given = ReadonlyMap<Component, JsonText>

export type StateParameters = { readonly state_data?: JsonText | undefined } & {
  readonly [Name in (typeof NAMED_COMPONENTS)[number]]?: JsonText | undefined
}

/**
 * Sorts the state parameters of a request into components. `state_data` is the session state; members of it
 * that are named like another component go there, because a client of seed 000 has no other place for them.
 * A history is bounded here as it is where it grows.
 */
export function givenState(
  parameters: StateParameters,
  warn: (sentence: string) => void
): Outcome<Given, Failure> {
  const sorted = sortedState(parameters)
  const history = sorted.ok ? sorted.value.get('evaluation_history') : undefined
  if (!sorted.ok || history === undefined) return sorted
  const bounded = boundedHistory(history, warn)
  if (!bounded.ok) return bounded
  return succeed(new Map(sorted.value).set('evaluation_history', bounded.value))
}

function sortedState(parameters: StateParameters): Outcome<Given, Failure> {
  const given = new Map<Component, JsonText>()
  for (const name of NAMED_COMPONENTS) {
    const text = parameters[name]
    if (text !== undefined) given.set(name, text)
  }
  const { state_data } = parameters
  if (state_data === undefined) return succeed(given)
  if (!NAMED_COMPONENTS.some((name) => state_data.includes(name)) || !isObjectText(state_data)) {
    return succeed(given.set('session_state', state_data))
  }
  return splitStateData(state_data, given)
}

function splitStateData(
  stateData: JsonText,
  given: Map<Component, JsonText>
): Outcome<Given, Failure> {
  const members = new Map(outline(stateData).members)
  const reserved = NAMED_COMPONENTS.filter((name) => members.has(name))
  if (reserved.length === 0) return succeed(given.set('session_state', stateData))
  for (const name of reserved) {
    const text = members.get(name) as JsonText
    members.delete(name)
    // A null parameter is an absent one, wherever it stands.
    if (text === 'null') continue
    const twin = given.get(name)
    if (twin !== undefined && twin !== text) return twice(name)
    if (!/^[[{]/.test(text)) return notAContainer(name)
    given.set(name, text)
  }
  if (members.size > 0) given.set('session_state', objectText(members))
  return succeed(given)
}

/** Components in the order of the specification. */
export function inOrder(names: Iterable<Component>): Component[] {
  const wanted = new Set(names)
  return COMPONENTS.filter((name) => wanted.has(name))
}

function twice(name: string) {
  return fail({
    reason: 'invalid_parameter',
    path: `state_data.${name}`,
    detail: `${name} is given twice with different values`,
  })
}

function notAContainer(name: string) {
  return fail({
    reason: 'invalid_parameter',
    path: `state_data.${name}`,
    detail: 'an object or an array',
  })
}
