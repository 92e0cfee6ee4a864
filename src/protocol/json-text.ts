// JSON kept as the text that came: members are cut out of it, never parsed and written again,
// so integers beyond 2^53, -0, key order and `__proto__` survive. Every text here is already known to be valid JSON.

declare const jsonText: unique symbol

/** A valid JSON value in the spelling in which it came. */
export type JsonText = string & { readonly [jsonText]: true }

/** The members of one JSON object and how deeply their values nest. */
export type Outline = {
  /** Values by decoded key, in order; of a repeated key the last one counts, as in `JSON.parse`. */
  readonly members: ReadonlyMap<string, JsonText>
  /** Levels of arrays and objects in the deepest value; 0 when all are scalars. */
  readonly deepest: number
  /** False if there are more members than were asked for. */
  readonly isWhole: boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** Writes a value that holds no opaque state as JSON text. */
export function toJsonText(value: unknown): JsonText {
  return JSON.stringify(value) as JsonText
}

/** Parses foreign text; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Checks foreign text and takes it as JSON; undefined when it is not JSON. */
export function asJsonText(text: string): JsonText | undefined {
  return parseJson(text) === undefined ? undefined : (text as JsonText)
}

export function isObjectText(text: JsonText): boolean {
  return text.charCodeAt(skipSpace(text, 0)) === OPEN_BRACE
}

export function isArrayText(text: JsonText): boolean {
  return text.charCodeAt(skipSpace(text, 0)) === OPEN_BRACKET
}

/** Cuts a JSON object into its members without parsing their values; stops behind so many. */
export function outline(text: JsonText, most = Number.POSITIVE_INFINITY): Outline {
  const members = new Map<string, JsonText>()
  const depth = { deepest: 0 }
  const endOf = (start: number) => endOfValue(text, start, depth)
  let seen = 0
  eachMember(text, skipSpace(text, 0), endOf, (key, from, to) => {
    members.set(decodeString(key), text.slice(from, to) as JsonText)
    seen += 1
    return seen <= most
  })
  return { members, deepest: depth.deepest, isWhole: seen <= most }
}

/** Visits the members of the object that opens at `start`, until one visit gives false: quoted key, begin and end of the value. */
export function eachMember(
  text: string,
  start: number,
  endOf: (start: number) => number,
  visit: (key: string, from: number, to: number) => boolean
): void {
  let at = skipSpace(text, start + 1)
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = endOfString(text, at)
    const from = skipSpace(text, skipPast(text, keyEnd, COLON))
    const to = endOf(from)
    if (!visit(text.slice(at, keyEnd), from, to)) return
    at = skipSpace(text, to)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
}

/** Cuts a JSON array into its items without parsing them; stops behind so many. */
export function items(text: JsonText, most = Number.POSITIVE_INFINITY): JsonText[] {
  const found: JsonText[] = []
  const depth = { deepest: 0 }
  let at = skipSpace(text, skipSpace(text, 0) + 1)
  while (found.length < most && text.charCodeAt(at) !== CLOSE_BRACKET) {
    const end = endOfValue(text, at, depth)
    found.push(text.slice(at, end) as JsonText)
    at = skipSpace(text, end)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
  return found
}

/** Levels of arrays and objects in a value; 0 for a scalar. */
export function levels(text: JsonText): number {
  const depth = { deepest: 0 }
  endOfValue(text, skipSpace(text, 0), depth)
  return depth.deepest
}

/** Joins members to one JSON object. */
export function objectText(members: Iterable<readonly [string, JsonText]>): JsonText {
  const parts: string[] = []
  for (const [key, value] of members) parts.push(`${JSON.stringify(key)}:${value}`)
  return `{${parts.join(',')}}` as JsonText
}

/** Bytes of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

/**
 * Finds a lone surrogate, which no UTF-8 text can hold and no Rust or Pharo client could read back.
 * Gives the path to the first string that has one, or undefined.
 */
export function loneSurrogatePath(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    if (!key.isWellFormed()) return path
    const found = loneSurrogatePath(inner, path === '' ? key : `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

/** The offset of the first character from `from` that is no white space. */
export function skipSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
    at += 1
  }
}

function skipPast(text: string, from: number, code: number): number {
  let at = from
  while (text.charCodeAt(at) !== code) at += 1
  return at + 1
}

/** `at` is the opening quote; gives the offset behind the closing one. */
export function endOfString(text: string, at: number): number {
  let quote = text.indexOf('"', at + 1)
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  return quote + 1
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1
  while (text.charCodeAt(at) === BACKSLASH) at -= 1
  return (quote - 1 - at) % 2 === 1
}

function endOfValue(text: string, start: number, depth: { deepest: number }): number {
  const first = text.charCodeAt(start)
  if (first === QUOTE) return endOfString(text, start)
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(text, start, depth)
  return endOfScalar(text, start)
}

/** The offset behind a number, `true`, `false` or `null`. */
export function endOfScalar(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at += 1
  return at
}

function endOfContainer(text: string, start: number, depth: { deepest: number }): number {
  let open = 0
  let at = start
  do {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
      continue
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      open += 1
      if (open > depth.deepest) depth.deepest = open
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) open -= 1
    at += 1
  } while (open > 0)
  return at
}

function endsScalar(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code <= 0x20
}

/** A quoted string as the text that it means. */
export function decodeString(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
}
