// RFC 7396 as the RFC writes it: on values. Texts in the model are spelled as JSON.stringify spells them.

type Members = Record<string, unknown>

/** The text of `patch` merged into `target`. */
export function mergedText(target: string | undefined, patch: string): string {
  return JSON.stringify(mergedValue(JSON.parse(target ?? '{}'), JSON.parse(patch)))
}

/** `patch` merged into `target`. */
export function mergedValue(target: unknown, patch: unknown): unknown {
  if (!isMembers(patch)) return patch
  const result = new Map(Object.entries(isMembers(target) ? target : {}))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name)
    else result.set(name, mergedValue(result.get(name), value))
  }
  return Object.fromEntries(result)
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
