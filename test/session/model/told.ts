// What the answers about a session must say, and how its texts travel.

import { COMPONENTS, type Component } from '../../../src/protocol/components.ts'
import { bytesOf, type ModelSession, type State } from './client-model.ts'
import type { Texts } from './steps.ts'

/** What a restore tells of a state. */
export function restored(state: State) {
  return {
    session_state: stateOf(state, 'session_state', {}),
    workspace_context: stateOf(state, 'workspace_context', {}),
    inspector_state: stateOf(state, 'inspector_state', {}),
  }
}

/** What an answer to a change tells. */
export function written(session: ModelSession, changed: readonly string[]) {
  const { revision, state } = session.newest
  return {
    revision,
    changed,
    session_state: stateOf(state, 'session_state', {}),
    state_bytes: bytesOf(state),
    expires_at: expiry(session),
  }
}

export function expiry({ expiresAt }: ModelSession): string {
  return new Date(expiresAt).toISOString()
}

/** Texts by component, in the order of the specification. */
export function asMap(texts: Texts): Map<Component, string> {
  return new Map(
    COMPONENTS.flatMap((component) => {
      const text = texts[component]
      return text === undefined ? [] : [[component, text]]
    })
  )
}

/** Texts as the parameters that carry them. */
export function asParameters(texts: Texts) {
  const named = [...asMap(texts)].map(([component, text]) => [
    component === 'session_state' ? 'state_data' : component,
    JSON.parse(text),
  ])
  return Object.fromEntries(named) as Record<string, unknown>
}

function stateOf(state: State, component: Component, unset: unknown) {
  const held = state.get(component)
  return held === undefined ? unset : JSON.parse(held.text)
}
