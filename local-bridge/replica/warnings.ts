// Tells a client something beside the answer that it gets: the one time that bytes of the service are not passed on as
// they came. Everything but `meta.warnings` stays as it is.

import {
  isObjectText,
  type JsonText,
  objectText,
  outline,
  toJsonText,
} from '../../src/protocol/json-text.ts'

export function withWarnings(bytes: Buffer, sentences: readonly string[]): Buffer {
  if (sentences.length === 0) return bytes
  const top = new Map(outline(bytes.toString() as JsonText).members)
  const meta = top.get('meta')
  const members = new Map(meta !== undefined && isObjectText(meta) ? outline(meta).members : [])
  members.set('warnings', toJsonText([...listOf(members.get('warnings')), ...sentences]))
  top.set('meta', objectText(members))
  return Buffer.from(objectText(top))
}

function listOf(text: JsonText | undefined): unknown[] {
  const list: unknown = text === undefined ? [] : JSON.parse(text)
  return Array.isArray(list) ? list : []
}
