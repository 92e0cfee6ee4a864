// Reads the document of an exported session into its members, as texts: JSON, or STON as we or Pharo wrote it.
// Nothing is believed before it was looked at: depth, surrogates and checksums.

import { type Outcome, succeed } from '../outcome.ts'
import {
  asJsonText,
  isObjectText,
  type JsonText,
  levels,
  loneSurrogatePath,
  outline,
} from '../protocol/json-text.ts'
import { MAX_MESSAGE_BYTES, MAX_NESTING } from '../protocol/limits.ts'
import { readSton, type StonObject } from '../ston/read.ts'
import type { StonFault } from '../ston/scan.ts'
import { sha256 } from './digest.ts'
import { CHECKSUMS_FIELD, COMPONENTS_FIELD, KIND, STON_CLASS, snakeCase } from './document.ts'
import type { ExportFormat } from './export.ts'

/** A document's members, each as JSON text; in STON components are members like the others. */
export type SessionDocument = {
  readonly format: ExportFormat
  readonly members: ReadonlyMap<string, JsonText>
  readonly components: ReadonlyMap<string, JsonText>
  /** Members with a value that no checksum was compared with; empty if nothing in the document could be. */
  readonly uncompared: readonly string[]
  /** What the reader of the answer should know. */
  readonly warnings: readonly string[]
}

/** A sentence that says what is wrong with a document, and where. */
type Wrong = string

/** Components nest that deep, inside of the document and of `components`. */
const BOUNDS = { levels: MAX_NESTING + 2, repeated: MAX_MESSAGE_BYTES }

/** Names of a document that are told back are cut at this many characters, and there are this many at most. */
const TOLD_CHARACTERS = 64
const TOLD_NAMES = 8

/** Reads a document; without a format it is JSON if it can be, else STON. */
export function readDocument(
  text: string,
  format: ExportFormat | undefined
): Outcome<SessionDocument, Wrong> {
  if (!text.isWellFormed()) return wrong('it holds half a surrogate pair, which is no character')
  const source = text.replace(/^\ufeff/, '')
  const json = format === 'ston' ? undefined : asJsonText(source)
  const read = json === undefined ? fromSton(source, format) : fromJson(json)
  if (!read.ok) return read
  const { members, components } = read.value
  for (const [name, value] of [...members, ...components]) {
    const refused = refusedText(value)
    if (refused !== undefined) return wrong(`its ${told(name)} ${refused}`)
  }
  return read
}

/** Names of a document, as a sentence may tell them. */
export function toldNames(names: Iterable<string>): string {
  const all = [...names]
  const more = all.length > TOLD_NAMES ? ' and more' : ''
  return all.slice(0, TOLD_NAMES).map(told).join(', ') + more
}

export function wrong(sentence: Wrong) {
  return { ok: false, failure: sentence } as const
}

function told(name: string): string {
  return name.slice(0, TOLD_CHARACTERS).toWellFormed()
}

function fromJson(json: JsonText): Outcome<SessionDocument, Wrong> {
  if (!isObjectText(json)) return wrong('it is no object')
  const { members } = outline(json)
  if (members.get('kind') !== `"${KIND}"`) return wrong(`its kind is not "${KIND}"`)
  const inner = members.get(COMPONENTS_FIELD)
  if (inner === undefined || !isObjectText(inner)) return wrong('its components are no object')
  const components = outline(inner).members
  const compared = compareChecksums(components, members.get(CHECKSUMS_FIELD))
  if (!compared.ok) return compared
  const others = new Map([...members].filter(([name]) => name !== COMPONENTS_FIELD))
  return succeed({
    format: 'json',
    members: others,
    components,
    uncompared: compared.value,
    warnings: [],
  })
}

function fromSton(
  source: string,
  format: ExportFormat | undefined
): Outcome<SessionDocument, Wrong> {
  const read = readSton(source, BOUNDS)
  if (!read.ok) return wrong(placed(source, read.failure))
  if (format === 'json') return wrong('it is no JSON, but STON; leave format out, or send ston')
  const ston = read.value
  if (ston.tag !== STON_CLASS) return wrong(`its class is not ${STON_CLASS}`)
  const named = [...ston.members].map(([name, value]) => [snakeCase(name), value] as const)
  const members = new Map(named.map(([name, { text }]) => [name, text]))
  const checksums = named.find(([name]) => name === CHECKSUMS_FIELD)?.[1]
  const isRewritten = checksums?.isJson === false
  const warnings = stonWarnings(ston, isRewritten)
  // Strings in our own checksums have two quotes, in those that Pharo wrote one.
  const compared = compareChecksums(members, checksums?.isJson ? checksums.text : undefined)
  if (!compared.ok) return compared
  const uncompared = isRewritten ? [] : compared.value
  return succeed({ format: 'ston', members, components: members, uncompared, warnings })
}

function stonWarnings({ dropped }: StonObject, isRewritten: boolean): string[] {
  return [
    ...(dropped.size > 0
      ? [`Classes that JSON cannot tell were left out: ${toldNames(dropped)}.`]
      : []),
    ...(isRewritten
      ? ['The checksums were not compared: Smalltalk has written the document again.']
      : []),
  ]
}

/** Each checksum that is there must be that of its text; gives the names of the texts without one. */
function compareChecksums(
  components: ReadonlyMap<string, JsonText>,
  checksums: JsonText | undefined
): Outcome<string[], Wrong> {
  const set = [...components].filter(([, text]) => text !== 'null').map(([name]) => name)
  if (checksums === undefined || checksums === 'null') return succeed(set)
  if (!isObjectText(checksums)) return wrong(`its ${CHECKSUMS_FIELD} is no object`)
  const given = outline(checksums).members
  for (const [name, expected] of given) {
    const text = components.get(name)
    if (text === undefined) return wrong(`its ${told(name)} is missing, but not its checksum`)
    if (expected !== `"${sha256(text)}"`) {
      return wrong(
        `its ${told(name)} is not what its checksum says; take ${CHECKSUMS_FIELD} out if you have changed it`
      )
    }
  }
  return succeed(set.filter((name) => !given.has(name)))
}

function refusedText(text: JsonText): string | undefined {
  if (levels(text) > MAX_NESTING) return `nests deeper than ${MAX_NESTING} levels`
  if (!/\\u[dD][89a-fA-F]/.test(text)) return undefined
  return loneSurrogatePath(JSON.parse(text)) === undefined
    ? undefined
    : 'holds half a surrogate pair, which is no character'
}

function placed(source: string, { at, detail }: StonFault): string {
  const before = source.slice(0, at)
  const line = before.split('\n').length
  const column = at - before.lastIndexOf('\n')
  return `line ${line}, column ${column}: ${detail}`
}
