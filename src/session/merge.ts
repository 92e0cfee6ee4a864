// JSON Merge Patch (RFC 7396) on texts: what the patch does not name keeps its spelling to the letter.

import { type Part, partsOf } from '../protocol/json-parts.ts'
import { type JsonText, objectText } from '../protocol/json-text.ts'

/** Merges `patch` into `target`; nested objects are merged, null removes a member, everything else replaces. */
export function mergePatch(target: JsonText, patch: JsonText): JsonText {
  return merged(partsOf(target), partsOf(patch))
}

function merged(target: Part | undefined, patch: Part): JsonText {
  const changes = patch.members()
  if (changes === undefined) return patch.text
  const old = target?.members() ?? new Map<string, Part>()
  const members = new Map([...old].map(([key, { text }]) => [key, text]))
  for (const [key, value] of changes) {
    if (value.text === 'null') members.delete(key)
    else members.set(key, merged(old.get(key), value))
  }
  return objectText(members)
}
