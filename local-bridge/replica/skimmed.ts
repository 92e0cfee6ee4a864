// The text of an answer without the components that it carries. They are found in the bytes, so that no text is made of a
// megabyte of state that is on this machine already.

import { isComponent } from '../../src/protocol/components.ts'
import type { JsonText } from '../../src/protocol/json-text.ts'

/** The objects that are looked into: results, and what they are in. Dialects A and B have `result`, D `data`, C the rest. */
const WAYS: ReadonlySet<string> = new Set([
  '/result',
  '/data',
  '/payload',
  '/payload/data',
  '/payload/data/data',
])

/** What stands for a component. */
const LEFT_OUT = 'null'

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const SPACE = 0x20

/** The answer is JSON; what is none gives some text that is none, too. */
export function withoutComponents(bytes: Buffer): JsonText {
  let text = ''
  let from = 0

  function leaveOut(start: number, end: number): void {
    text += bytes.toString('utf8', from, start) + LEFT_OUT
    from = end
  }

  /** Goes through the members of the object that opens at `start`; gives the offset behind it. */
  function pass(start: number, path: string): number {
    let at = skipSpace(bytes, start + 1)
    while (bytes[at] === QUOTE) {
      const keyEnd = endOfString(bytes, at)
      const key = bytes.toString('latin1', at + 1, keyEnd - 1)
      const value = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1)
      const way = `${path}/${key}`
      const isWay = WAYS.has(way) && bytes[value] === OPEN_BRACE
      const end = isWay ? pass(value, way) : endOfValue(bytes, value)
      if (isComponent(key)) leaveOut(value, end)
      at = skipSpace(bytes, end)
      if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1)
    }
    return at + 1
  }

  pass(skipSpace(bytes, 0), '')
  return (text + bytes.toString('utf8', from)) as JsonText
}

/** The offset of the first byte from `from` that is no white space. */
function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while ((bytes[at] ?? QUOTE) <= SPACE) at += 1
  return at
}

/** `start` is the opening quote; gives the offset behind the closing one. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at + 1
}

function endOfValue(bytes: Buffer, start: number): number {
  if (bytes[start] === QUOTE) return endOfString(bytes, start)
  let open = 0
  let at = start
  while (at < bytes.length) {
    const byte = bytes[at]
    const isClosing = byte === CLOSE_BRACE || byte === CLOSE_BRACKET
    if (open === 0 && (isClosing || byte === COMMA)) return at
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) open += 1
    else if (isClosing) open -= 1
    at = byte === QUOTE ? endOfString(bytes, at) : at + 1
    if (open === 0 && isClosing) return at
  }
  return at
}
