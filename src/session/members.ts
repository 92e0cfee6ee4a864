// Looks into parsed JSON of which nothing is known: what is there, how much of it, and nothing that was inherited.

export type Members = Readonly<Record<string, unknown>>

/** An own member of an object; null is as good as none. */
export function member(value: unknown, name: string): unknown {
  return isMembers(value) && Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined
}

/** Members of an object or items of an array; 0 for anything else. */
export function size(value: unknown): number {
  return isContainer(value) ? Object.keys(value).length : 0
}

/** True for what holds something: neither empty nor false. */
export function isSet(value: unknown): boolean {
  return isContainer(value) ? size(value) > 0 : value !== '' && value !== false
}

export function isMembers(value: unknown): value is Members {
  return isContainer(value) && !Array.isArray(value)
}

export function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
