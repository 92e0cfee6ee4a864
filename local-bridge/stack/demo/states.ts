// What the three developers of the demo work on: JSON texts, as a TUI sends them.

import type { JsonText } from '../../../src/protocol/json-text.ts'

export type Components = Readonly<Record<string, JsonText>>

/** 2^53 + 1 is not a JavaScript number, and is kept all the same. */
export const ALICE = {
  state_data: text(
    '{"workspace":"OrderedCollection new add: 42; yourself","variables":["invoice","ledger"],"balance":9007199254740993}'
  ),
  workspace_context: text(
    '{"variables":{"ledger":"a Ledger","invoice":"an Invoice(№ 7, 12.50 €)"}}'
  ),
  object_registry: text('{"obj_123":"an Invoice","obj_124":"a Ledger"}'),
  inspector_state: text('{"selected_object":"obj_123","path":["lines",1]}'),
  user_preferences: text('{"theme":"dark","font_size":12.0}'),
} satisfies Components

export const BOB = {
  state_data: text('{"workspace":"Smalltalk at: #Answer put: 6 * 7","inspector":"Answer"}'),
  object_registry: text('{"obj_1":"a SmallInteger(42)"}'),
} satisfies Components

export const CAROL = {
  state_data: text('{"workspace":"Transcript show: \'grüß dich, 世界\'; cr","open":[]}'),
  workspace_context: text('{"variables":{"greeting":"a WideString"}}'),
} satisfies Components

/** The name under which restore_session gives a component back. */
export function restoredName(component: string): string {
  return component === 'state_data' ? 'session_state' : component
}

function text(json: string): JsonText {
  return json as JsonText
}
