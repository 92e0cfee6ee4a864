// What leads from one text to another: a JSON Merge Patch (RFC 7396), cut from the texts and spelled as they are.

import { type Part, partsOf } from '../protocol/json-parts.ts'
import { type JsonText, objectText } from '../protocol/json-text.ts'

const NULL = 'null' as JsonText
const EMPTY = '{}' as JsonText

/**
 * The patch that leads from one value to another; undefined if no merge patch does, because a member is to become null.
 * Values are the same if they are spelled the same; the order of keys and white space between members do not count.
 */
export function diffPatch(from: JsonText, to: JsonText): JsonText | undefined {
  return patchBetween(partsOf(from), partsOf(to))
}

function patchBetween(from: Part | undefined, to: Part): JsonText | undefined {
  const wanted = to.members()
  if (wanted === undefined) return to.text
  const old = from?.members()
  const patch = new Map<string, JsonText>()
  for (const key of old?.keys() ?? []) if (!wanted.has(key)) patch.set(key, NULL)
  for (const [key, value] of wanted) {
    const before = old?.get(key)
    if (before?.text === value.text) continue
    if (value.text === NULL) return undefined
    const inner = patchBetween(before, value)
    if (inner === undefined) return undefined
    const isSame = inner === EMPTY && before?.members() !== undefined
    if (!isSame) patch.set(key, inner)
  }
  return objectText(patch)
}
