// The scalars of STON, read from an offset of a text and given as JSON: strings, symbols, numbers. Every step is
// linear in what it reads, and what Pharo's own reader would refuse is refused.

import { type Outcome, succeed } from '../outcome.ts'

/** What is wrong with a text, and the offset where. */
export type StonFault = { readonly at: number; readonly detail: string }

/** A value as JSON text. It is `isJson` if it was JSON already and is unchanged, to the letter. */
export type Scanned = { readonly text: string; readonly isJson: boolean; readonly end: number }

const BACKSLASH = 0x5c
const SPACE = 0x20
const ESCAPED: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '/': '/',
  '\\': '\\',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const UNICODE = /u[0-9a-fA-F]{4}/y
const SIMPLE_SYMBOL = /[A-Za-z0-9\-_./]+/y
const NUMBER = /-?\d+(?:\/\d+(?:s\d+)?|(?:\.\d*)?(?:[eE][+-]?\d+)?)/y
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

export function refuse(at: number, detail: string) {
  return { ok: false, failure: { at, detail } } as const
}

/** The offset of the next character that is no white space of JSON. */
export function skipSpace(text: string, from: number): number {
  let at = from
  while (' \t\n\r'.includes(text.charAt(at)) && at < text.length) at += 1
  return at
}

/** What a sticky expression matches at an offset; empty if nothing. */
export function matchAt(expression: RegExp, text: string, at: number): string {
  expression.lastIndex = at
  return expression.exec(text)?.[0] ?? ''
}

/** Reads a string in quotes of either kind. */
export function scanString(text: string, start: number): Outcome<Scanned, StonFault> {
  const quote = text.charCodeAt(start)
  let isJson = text.charAt(start) === '"'
  let at = start + 1
  for (let code = text.charCodeAt(at); code !== quote; code = text.charCodeAt(at)) {
    if (at >= text.length) return refuse(start, 'the string that begins here does not end')
    if (code === BACKSLASH) {
      const length = escapeLength(text, at + 1)
      if (length === 0)
        return refuse(at, 'no escape of STON: use \\b \\f \\n \\r \\t \\\' \\" \\/ \\\\ \\uXXXX')
      isJson &&= text.charAt(at + 1) !== "'"
      at += 1 + length
    } else {
      isJson &&= code >= SPACE
      at += 1
    }
  }
  const end = at + 1
  if (isJson) return succeed({ text: text.slice(start, end), isJson, end })
  return succeed({ text: JSON.stringify(decoded(text.slice(start + 1, at))), isJson, end })
}

/** Reads a symbol, behind its `#`. */
export function scanSymbol(text: string, start: number): Outcome<Scanned, StonFault> {
  if (text.charAt(start) === "'") return scanString(text, start)
  const name = matchAt(SIMPLE_SYMBOL, text, start)
  if (name === '') return refuse(start, "a symbol expected, such as #name or #'a name'")
  return succeed({ text: JSON.stringify(name), isJson: false, end: start + name.length })
}

/** Reads a number; fractions and scaled decimals become the nearest number that JSON readers know. */
export function scanNumber(text: string, start: number): Outcome<Scanned, StonFault> {
  const spelled = matchAt(NUMBER, text, start)
  if (spelled === '') return refuse(start, 'digits expected')
  const end = start + spelled.length
  if (JSON_NUMBER.test(spelled)) return succeed({ text: spelled, isJson: true, end })
  const [numerator = '', denominator] = spelled.replace(/s\d+$/, '').split('/')
  if (denominator === undefined) return succeed({ text: asJsonNumber(spelled), isJson: false, end })
  const quotient = Number(numerator) / Number(denominator)
  if (!Number.isFinite(quotient)) return refuse(start, 'a fraction that no JSON number can hold')
  return succeed({ text: JSON.stringify(quotient), isJson: false, end })
}

function escapeLength(text: string, at: number): number {
  if (Object.hasOwn(ESCAPED, text.charAt(at))) return 1
  return matchAt(UNICODE, text, at).length
}

function decoded(inner: string): string {
  return inner.replace(/\\(?:u(....)|(.))/g, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? (ESCAPED[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16))
  )
}

/** Smalltalk takes leading zeros and a point without digits behind it; JSON does not. */
function asJsonNumber(spelled: string): string {
  return spelled.replace(/^(-?)0+(?=\d)/, '$1').replace(/\.(?!\d)/, '')
}
