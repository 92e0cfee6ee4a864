// Writes a session as one document, in JSON or in STON. Components go in as the texts that they are, each with its
// checksum, so that what is imported again is the same to the letter.

import { isoTime } from '../clock.ts'
import type { Component } from '../protocol/components.ts'
import { type JsonText, objectText, toJsonText } from '../protocol/json-text.ts'
import { type StonEntry, writeSton } from '../ston/write.ts'
import type { SessionRow } from '../storage/sessions.ts'
import { sha256 } from './digest.ts'
import {
  CHECKSUMS_FIELD,
  COMPONENTS_FIELD,
  camelCase,
  FORMAT_VERSION,
  KIND,
  ORIGIN_FIELDS,
  STON_CLASS,
} from './document.ts'
import { NOTED, type Origins } from './registry-epoch.ts'

/** A session at one of its revisions. */
export type Exported = {
  readonly session: SessionRow
  readonly client_id: string
  readonly revision: number
  readonly last_modified: number
  readonly exported_at: number
  readonly texts: ReadonlyMap<Component, JsonText>
  /** Where the ids of its texts are from, as far as somebody noted it. */
  readonly origins: Origins
}

export type ExportFormat = 'json' | 'ston'

/** STON has no media type of its own; its specification suggests this one. */
export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json',
  ston: 'application/ston',
}

/** A client id longer than this in a file name is cut and told apart by a hash. */
const MAX_CLIENT_LENGTH = 160

/** Writes the document. */
export function exportText(exported: Exported, format: ExportFormat): string {
  const checksums = [...exported.texts].map(
    ([component, text]) => [component, toJsonText(sha256(text))] as const
  )
  const members: StonEntry[] = [
    ...head(exported),
    ...(format === 'ston' ? components(exported) : []),
  ]
  switch (format) {
    case 'json':
      return objectText([
        ['kind', toJsonText(KIND)],
        ...members.map(asMember),
        [COMPONENTS_FIELD, objectText(exported.texts)],
        [CHECKSUMS_FIELD, objectText(checksums)],
      ])
    case 'ston':
      members.push([CHECKSUMS_FIELD, { json: objectText(checksums) }])
      return writeSton(
        STON_CLASS,
        members.map(([name, value]) => [camelCase(name), value])
      )
  }
}

/**
 * The name of seed 001, legal on every file system: the time has no colons, the client id is percent-encoded.
 * File systems that hold `A` and `a` for the same need another name for one of two such clients; the writer sees that.
 */
export function fileName(client_id: string, exported_at: number, format: ExportFormat): string {
  const time = isoTime(exported_at).replace(/[-:]|\.\d+/g, '')
  const encoded = encodeURIComponent(client_id)
  const client =
    encoded.length <= MAX_CLIENT_LENGTH
      ? encoded
      : `${encoded.slice(0, MAX_CLIENT_LENGTH).replace(/%.?$/, '')}-${sha256(client_id).slice(0, 8)}`
  return `session_${client}_${time}.${format}`
}

function head({ session, client_id, revision, ...at }: Exported): StonEntry[] {
  return [
    ['format_version', { json: toJsonText(FORMAT_VERSION) }],
    ['exported_at', { string: isoTime(at.exported_at) }],
    ['session_id', { string: session.session_id }],
    ['client_id', { string: client_id }],
    ['revision', { json: toJsonText(revision) }],
    ['name', { string: session.name }],
    ['timeout', { json: toJsonText(session.timeout) }],
    ['created_at', { string: isoTime(session.created_at) }],
    ['last_modified', { string: isoTime(at.last_modified) }],
    ['image_id', { string: session.image_id }],
    ['image_address', { string: session.image_address }],
    ['image_name', { string: session.image_name }],
    ['image_version', { string: session.image_version }],
    ['image_metadata', { json: session.image_metadata as JsonText }],
    ['client_info', { json: session.client_info as JsonText }],
    ...originMembers(at.origins),
  ]
}

function originMembers(origins: Origins): StonEntry[] {
  return NOTED.flatMap((name): StonEntry[] => {
    const origin = origins[name]
    return origin === undefined ? [] : [[ORIGIN_FIELDS[name], { json: toJsonText(origin) }]]
  })
}

function components({ texts }: Exported): StonEntry[] {
  return [...texts].map(([component, json]) => [component, { json }])
}

function asMember([name, value]: StonEntry): readonly [string, JsonText] {
  return [name, 'json' in value ? value.json : toJsonText(value.string)]
}
