// JSON Merge Patch (RFC 7396) on texts: what the patch does not name keeps its spelling to the letter.

import { isObjectText, type JsonText, objectText, outline } from '../protocol/json-text.ts'

const EMPTY = '{}' as JsonText

/** Merges `patch` into `target`; nested objects are merged, null removes a member, everything else replaces. */
export function mergePatch(target: JsonText, patch: JsonText): JsonText {
  if (!isObjectText(patch)) return patch
  const members = new Map(outline(isObjectText(target) ? target : EMPTY).members)
  for (const [key, value] of outline(patch).members) {
    if (value === 'null') members.delete(key)
    else members.set(key, mergePatch(members.get(key) ?? EMPTY, value))
  }
  return objectText(members)
}
