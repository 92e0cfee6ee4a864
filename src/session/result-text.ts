// A handler's result as the text that travels.

import type { JsonObject } from '../protocol/command.ts'
import { BY_NAME_FIELD, OPAQUE_FIELDS } from '../protocol/components.ts'
import { type JsonText, toJsonText } from '../protocol/json-text.ts'

/** Writes a result: opaque values go in as the text that was stored. */
export function resultText(result: JsonObject): JsonText {
  let text = ''
  for (const [name, value] of Object.entries(result)) {
    if (value === undefined) continue
    text += `${text === '' ? '{' : ','}"${name}":`
    text += isState(name, value) ? String(value) : toJsonText(value)
  }
  return `${text}}` as JsonText
}

/** True for opaque values, and for components by name where they hold some: a handler gives those as text. */
function isState(name: string, value: unknown): boolean {
  return OPAQUE_FIELDS.has(name) || (name === BY_NAME_FIELD && typeof value === 'string')
}
