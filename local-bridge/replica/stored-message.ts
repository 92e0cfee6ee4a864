// A message as the journal keeps it and as it is delivered: dialect A, opaque state as the text that came, and no token.

import { BY_NAME_FIELD, OPAQUE_FIELDS } from '../../src/protocol/components.ts'
import { asJsonText, type JsonText, objectText, toJsonText } from '../../src/protocol/json-text.ts'
import { type Message, readMessage } from '../../src/protocol/message.ts'

export type Kept = { readonly id: JsonText; readonly message: Message }

/** Writes the message; what tells it from others (id, key, command, parameters) stays the same. */
export function writeKept({ id, message }: Kept): JsonText {
  const { command, parameters, idempotencyKey } = message
  const members: [string, JsonText][] = Object.entries(parameters).map(([name, value]) => [
    name,
    isOpaque(name, value) ? value : toJsonText(value),
  ])
  return objectText([
    ['id', id],
    ['command', toJsonText(command)],
    ...(idempotencyKey === undefined
      ? []
      : [['idempotency_key', toJsonText(idempotencyKey)] as const]),
    ['parameters', objectText(members)],
  ])
}

/** Reads it back; undefined if it is none. */
export function readKept(text: string): Kept | undefined {
  const { id, message } = readMessage(text)
  return message.ok ? { id, message: message.value } : undefined
}

/** The same work for another session: another request, whose conditions were checked when it was acknowledged. */
export function forSession({ id, message }: Kept, session_id: string): Kept {
  const { latest: _, if_revision: __, ...parameters } = message.parameters
  const { idempotencyKey: ___, ...rest } = message
  return { id, message: { ...rest, parameters: { ...parameters, session_id } } }
}

/** Components, and what holds components by name, are texts; a text is checked to be one. */
function isOpaque(name: string, value: unknown): value is JsonText {
  if (typeof value !== 'string') return false
  if (OPAQUE_FIELDS.has(name)) return true
  return name === BY_NAME_FIELD && asJsonText(value) !== undefined
}
