// The values of STON as JSON text, from the brackets in. What is JSON already is cut out as it is. Bounded in depth
// and in what references add, and linear in both: hostile text is refused, never followed.

import type { Outcome } from '../outcome.ts'
import { cursorOver } from './cursor.ts'
import {
  matchAt,
  type Scanned,
  type StonFault,
  scanNumber,
  scanString,
  scanSymbol,
  skipSpace,
} from './scan.ts'

export type StonBounds = {
  /** Levels of lists and maps below the object. */
  readonly levels: number
  /** Characters that references may add by repeating what they refer to. */
  readonly repeated: number
}

type Value = { readonly text: string; readonly isJson: boolean; readonly isKey: boolean }

const TAG = /[A-Z][A-Za-z0-9_]*/y
const REFERENCE = /@\d{1,9}/y
const CONSTANT = /true|false|null|nil/y

/** Classes that Pharo writes as a list of one: their value is that one. */
const SINGLETONS: ReadonlySet<string> = new Set(
  'ByteArray Character Class Color Date DateAndTime FILE Float MimeType Time URL UUID'.split(' ')
)

/** A reader of one text. */
export function stonValues(source: string, bounds: StonBounds) {
  const dropped = new Set<string>()
  /** What references refer to, in the order of their first brackets; undefined while it is open. */
  const containers: (string | undefined)[] = []
  let repeated = 0
  const cursor = cursorOver(source)
  const { here, next, moveTo, skip, take, stop } = cursor

  function value(level: number): Value | undefined {
    const first = simple(level)
    if (first === undefined || !take(':')) return first
    if (level > bounds.levels) return tooDeep()
    const second = first.isKey ? value(level + 1) : noKey()
    return second && { text: `{${keyOf(first)}:${second.text}}`, isJson: false, isKey: false }
  }

  function member(level: number, found: (key: Value, value: Value) => void): boolean {
    const key = simple(level)
    if (key === undefined) return false
    if (!key.isKey) return noKey() !== undefined
    if (!take(':')) return stop('":" expected') !== undefined
    const second = value(level)
    if (second === undefined) return false
    found(key, second)
    return true
  }

  function tooDeep(): undefined {
    return stop(`it nests deeper than ${bounds.levels} levels`)
  }

  function noKey(): undefined {
    return stop('the key before it is no string, symbol or number')
  }

  function simple(level: number): Value | undefined {
    const first = next()
    if (first === '"' || first === "'") return scanned(scanString(source, here()), true)
    if (first === '#') return scanned(scanSymbol(source, here() + 1), true)
    if (first === '-' || (first >= '0' && first <= '9')) {
      return scanned(scanNumber(source, here()), true)
    }
    if (first === '[' || first === '{') return container(level, '')
    if (first === '@') return reference()
    if (first >= 'A' && first <= 'Z') return tagged(level)
    const constant = matchAt(CONSTANT, source, here())
    if (constant === '') return stop('a value expected')
    moveTo(here() + constant.length)
    if (constant === 'nil') return { text: 'null', isJson: false, isKey: false }
    return { text: constant, isJson: true, isKey: false }
  }

  function scanned(outcome: Outcome<Scanned, StonFault>, isKey: boolean): Value | undefined {
    if (!outcome.ok) return stop(outcome.failure.detail, outcome.failure.at)
    moveTo(outcome.value.end)
    return { ...outcome.value, isKey }
  }

  function reference(): Value | undefined {
    const spelled = matchAt(REFERENCE, source, here())
    const number = Number(spelled.slice(1))
    if (number < 1 || number > containers.length) return stop('it refers to nothing before it')
    const text = containers[number - 1]
    if (text === undefined) return stop('it refers to an object that it is inside of')
    repeated += text.length
    if (repeated > bounds.repeated) return stop('its references repeat too much')
    moveTo(here() + spelled.length)
    return { text, isJson: false, isKey: false }
  }

  function tagged(level: number): Value | undefined {
    const tag = matchAt(TAG, source, here())
    const inside = skipSpace(source, here() + tag.length)
    if (!'[{'.includes(source.charAt(inside) || ' ')) {
      return stop('"{" or "[" expected behind the class', inside)
    }
    moveTo(inside)
    dropped.add(tag)
    return container(level, tag)
  }

  function container(level: number, tag: string): Value | undefined {
    if (level > bounds.levels) return tooDeep()
    const number = containers.push(undefined)
    const made = next() === '[' ? list(level, tag) : map(level, tag)
    if (made !== undefined) containers[number - 1] = made.text
    return made
  }

  function list(level: number, tag: string): Value | undefined {
    const start = here()
    let inner = ''
    let count = 0
    let isJson = tag === ''
    let last: Value | undefined
    const isRead = cursor.elements(']', () => {
      last = value(level + 1)
      if (last === undefined) return false
      inner += count === 0 ? last.text : `,${last.text}`
      count += 1
      isJson &&= last.isJson
      return true
    })
    if (!isRead) return undefined
    if (last !== undefined && count === 1 && SINGLETONS.has(tag)) return { ...last, isJson: false }
    return { text: isJson ? source.slice(start, here()) : `[${inner}]`, isJson, isKey: false }
  }

  function map(level: number, tag: string): Value | undefined {
    const start = here()
    let inner = ''
    let isJson = tag === ''
    const isRead = cursor.elements('}', () =>
      member(level + 1, (key, held) => {
        inner += `${inner === '' ? '' : ','}${keyOf(key)}:${held.text}`
        isJson &&= key.isJson && key.text.startsWith('"') && held.isJson
      })
    )
    if (!isRead) return undefined
    return { text: isJson ? source.slice(start, here()) : `{${inner}}`, isJson, isKey: false }
  }

  /** Reads the whole text as one object: gives its class, or what is wrong. */
  function object(found: (name: string, value: Value) => void): string | StonFault {
    const tag = matchAt(TAG, source, here())
    moveTo(skipSpace(source, here() + tag.length))
    if (next() !== '{') stop('"{" expected')
    else {
      containers.push(undefined)
      cursor.elements('}', () => member(1, (key, value) => found(JSON.parse(keyOf(key)), value)))
      skip()
      if (!cursor.isAtEnd()) stop('text behind the end of the object')
    }
    return cursor.fault() ?? tag
  }

  return { object, dropped }
}

function keyOf({ text }: Value): string {
  return text.startsWith('"') ? text : `"${text}"`
}
