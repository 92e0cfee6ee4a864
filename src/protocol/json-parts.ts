// A JSON text of which any member can be cut out, however deep it lies, after one scan of the whole.
// Cutting level after level with `outline` would read the innermost text once for each level around it.

import {
  decodeString,
  eachMember,
  endOfScalar,
  endOfString,
  isObjectText,
  type JsonText,
  skipSpace,
} from './json-text.ts'

/** A value inside of a text. */
export type Part = {
  /** As it is spelled. */
  readonly text: JsonText
  /** The members of an object by decoded key, of equal keys the last; undefined for what is no object. */
  members(): ReadonlyMap<string, Part> | undefined
}

const QUOTE = 0x22
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** The whole text as a part. */
export function partsOf(text: JsonText): Part {
  const ends = endsOfContainers(text)

  function endOf(start: number): number {
    const end = ends[start] ?? 0
    if (end > 0) return end
    return text.charCodeAt(start) === QUOTE ? endOfString(text, start) : endOfScalar(text, start)
  }

  function membersAt(start: number): ReadonlyMap<string, Part> {
    const members = new Map<string, Part>()
    eachMember(text, start, endOf, (key, from, to) => {
      members.set(decodeString(key), partAt(from, text.slice(from, to) as JsonText))
      return true
    })
    return members
  }

  function partAt(start: number, spelled: JsonText): Part {
    return {
      text: spelled,
      members: () => (isObjectText(spelled) ? membersAt(start) : undefined),
    }
  }

  return partAt(skipSpace(text, 0), text)
}

/** For the offset of each opening bracket, the offset behind its closing one; 0 elsewhere. */
function endsOfContainers(text: JsonText): Int32Array {
  const ends = new Int32Array(text.length)
  const open: number[] = []
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
      continue
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) open.push(at)
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) ends[open.pop() ?? 0] = at + 1
    at += 1
  }
  return ends
}
