// The parts of a session's state, by their names on the wire. Their contents belong to the developer: opaque text.

/** Components in the order in which a restore tells them (seeds 000 and 001). */
export const COMPONENTS = [
  'session_state',
  'workspace_context',
  'inspector_state',
  'object_registry',
  'user_preferences',
  'evaluation_history',
] as const

export type Component = (typeof COMPONENTS)[number]

/** Components that a client sends under the component's own name; `session_state` travels as `state_data` (seed 000). */
export const NAMED_COMPONENTS = [
  'workspace_context',
  'inspector_state',
  'object_registry',
  'user_preferences',
  'evaluation_history',
] as const satisfies readonly Component[]

/** What a component that was never set restores to. */
export const UNSET_COMPONENT: Readonly<Record<Component, string>> = {
  session_state: '{}',
  workspace_context: '{}',
  inspector_state: '{}',
  object_registry: '{}',
  user_preferences: '{}',
  evaluation_history: '[]',
}

/** The field that holds a whole exported session: an object with components in an object. */
export const DOCUMENT_FIELD = 'document'

/** Names, in parameters and results, of values that travel as text and are never parsed into objects. */
export const OPAQUE_FIELDS: ReadonlySet<string> = new Set([
  'state_data',
  DOCUMENT_FIELD,
  ...COMPONENTS,
])

/** The field that holds components by their names; such an object is opaque too, and is never parsed into objects. */
export const BY_NAME_FIELD = 'components'

export function isComponent(name: string): name is Component {
  return (COMPONENTS as readonly string[]).includes(name)
}
