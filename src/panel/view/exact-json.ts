// JSON of developers' states, read and written so that no number changes: those that a computer would round stay as text.

/** What a reader of JSON is told of a number's spelling; newer than the types of the language. */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown

/** A number in the spelling in which it came. */
class Spelled {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Reads JSON; a number that would not come back in its own spelling is kept as it was spelled. */
export function readExact(text: string): unknown {
  const keep: Reviver = (_, value, context) => {
    const source = context?.source
    if (typeof value !== 'number' || source === undefined) return value
    return JSON.stringify(value) === source ? value : new Spelled(source)
  }
  return JSON.parse(text, keep)
}

/** One value on one line. */
export function writeExact(value: unknown): string {
  if (value instanceof Spelled) return value.text
  if (Array.isArray(value)) return `[${value.map(writeExact).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([key, own]) => `${JSON.stringify(key)}: ${writeExact(own)}`
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** True for what has members that can be told one by one. */
export function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null
  return isObject && !Array.isArray(value) && !(value instanceof Spelled)
}
