// Turns the document of an exported session into what create_session takes. The document's fields go through the
// same declaration as a client's own parameters; what is wrong with them is told as a fault of the document.

import { type Outcome, succeed } from '../outcome.ts'
import { type JsonObject, type ParametersOf, parseParameters } from '../protocol/command.ts'
import { createSession } from '../protocol/commands/create-session.ts'
import { COMPONENTS, type Component, isComponent } from '../protocol/components.ts'
import { originOfIds } from '../protocol/export-fields.ts'
import type { JsonText } from '../protocol/json-text.ts'
import { MAX_ID_LENGTH } from '../protocol/limits.ts'
import {
  CHECKSUMS_FIELD,
  FORMAT_VERSION,
  ORIGIN_FIELDS,
  TAKEN_FIELDS,
  TOLD_FIELDS,
} from './document.ts'
import type { ExportFormat } from './export.ts'
import type { Origin } from './origin.ts'
import { readDocument, type SessionDocument, toldNames, wrong } from './read-document.ts'
import { NOTED, type Origins } from './registry-epoch.ts'

/** What a document asks to be created, and what it says of its origin. */
export type Imported = {
  readonly parameters: ParametersOf<typeof createSession>
  readonly from: {
    readonly session_id: string
    readonly exported_at: string
    readonly format: ExportFormat
  }
  readonly warnings: readonly string[]
  /** Components without a checksum in the document, where checksums can be compared at all. */
  readonly uncompared: readonly Component[]
  /** Where the ids of its texts are from; empty if the document names no image. */
  readonly origins: Origins
}

const KNOWN: ReadonlySet<string> = new Set([
  ...TAKEN_FIELDS,
  ...TOLD_FIELDS,
  ...Object.values(ORIGIN_FIELDS),
  CHECKSUMS_FIELD,
])

/** Reads a document; `given` replaces what it says of the session. Fails with a sentence about the document. */
export function readImport(
  text: string,
  format: ExportFormat | undefined,
  given: JsonObject
): Outcome<Imported, string> {
  const read = readDocument(text, format)
  if (!read.ok) return read
  const document = read.value
  const { members } = document
  const version = members.get('format_version')
  if (version !== `${FORMAT_VERSION}`) {
    return wrong(
      version === undefined
        ? 'its format_version is missing'
        : `its format_version is not ${FORMAT_VERSION}, which is the newest that is read here`
    )
  }
  const components = statesOf(document)
  if (!components.ok) return components
  const parsed = parseParameters(createSession, {
    ...takenFrom(members),
    ...components.value,
    ...given,
  })
  if (!parsed.ok) return wrong(wrongField(parsed.failure))
  const session_id = toldText(members, 'session_id')
  const exported_at = toldText(members, 'exported_at')
  if (session_id === undefined || exported_at === undefined) {
    return wrong(
      `its session_id and exported_at are strings of at most ${MAX_ID_LENGTH} characters`
    )
  }
  const origins = originsOf(members)
  if (!origins.ok) return origins
  return succeed({
    parameters: parsed.value,
    origins: origins.value,
    from: { session_id, exported_at, format: document.format },
    warnings: [...document.warnings, ...ignoredMembers(document)],
    uncompared: COMPONENTS.filter((name) => document.uncompared.includes(name)),
  })
}

/** The components as create_session takes them. */
function statesOf({ components }: SessionDocument): Outcome<JsonObject, string> {
  const states: Record<string, JsonText> = {}
  for (const [name, text] of components) {
    if (!isComponent(name) || text === 'null') continue
    if (!/^[[{]/.test(text)) return wrong(`its ${name} is no object or array`)
    states[name === 'session_state' ? 'state_data' : name] = text
  }
  return succeed(states)
}

/** Fields that a client could have sent itself; empty ones are absent ones. */
function takenFrom(members: ReadonlyMap<string, JsonText>): JsonObject {
  const taken = TAKEN_FIELDS.map((name) => [name, JSON.parse(members.get(name) ?? 'null')] as const)
  return Object.fromEntries(taken.filter(([, value]) => value !== null && value !== ''))
}

/** A document that does not say from which start its ids are is of the image that it names, and of no known start. */
function originsOf(members: ReadonlyMap<string, JsonText>): Outcome<Origins, string> {
  const image_id: unknown = JSON.parse(members.get('image_id') ?? '""')
  const isNamed = typeof image_id === 'string' && image_id !== ''
  const origins: Partial<Record<(typeof NOTED)[number], Origin>> = {}
  for (const name of NOTED) {
    const text = members.get(ORIGIN_FIELDS[name]) ?? 'null'
    if (text === 'null') {
      if (isNamed) origins[name] = { image_id, epoch: '', later: [] }
      continue
    }
    const read = originOfIds.safeParse(JSON.parse(text))
    if (!read.success) return wrong(`its ${ORIGIN_FIELDS[name]} is not as export_session writes it`)
    origins[name] = read.data
  }
  return succeed(origins)
}

function wrongField(failure: {
  readonly reason: string
  readonly path?: string
  readonly detail?: string
}) {
  return failure.path === undefined || failure.detail === undefined
    ? `its fields are not as create_session takes them (${failure.reason})`
    : `its ${failure.path} is wrong: ${failure.detail}`
}

function toldText(members: ReadonlyMap<string, JsonText>, name: string): string | undefined {
  const value: unknown = JSON.parse(members.get(name) ?? '""') ?? ''
  return typeof value === 'string' && value.length <= MAX_ID_LENGTH ? value : undefined
}

function ignoredMembers({ members, components }: SessionDocument): string[] {
  const names = new Set([...members.keys(), ...components.keys()])
  const ignored = [...names].filter((name) => !KNOWN.has(name) && !isComponent(name))
  return ignored.length === 0 ? [] : [`Ignored in the document: ${toldNames(ignored)}.`]
}
