// Checksums of what is stored: always over the text as it is, never over a canonical form.

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { JsonObject } from '../protocol/command.ts'
import { BY_NAME_FIELD, OPAQUE_FIELDS } from '../protocol/components.ts'
import { type JsonText, utf8Bytes } from '../protocol/json-text.ts'

/** SHA-256 of a text's UTF-8 bytes, hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** True if a stored text is what was written: its CRC-32, which costs a third of a SHA-256, agrees. */
export function isIntact(row: { readonly text: string; readonly crc32: number }): boolean {
  return crc32(row.text) === row.crc32
}

/** What is stored beside a text to know it and to check it. */
export function measured(text: JsonText) {
  return { text, sha256: sha256(text), crc32: crc32(text), bytes: utf8Bytes(text) }
}

/** SHA-256 over a command and its parameters; the order of the parameters does not matter. */
export function requestDigest(command: string, parameters: JsonObject): string {
  const hash = createHash('sha256').update(command)
  for (const name of Object.keys(parameters).sort()) {
    const value = parameters[name]
    const isState = OPAQUE_FIELDS.has(name) || name === BY_NAME_FIELD
    const text = isState && typeof value === 'string' ? value : JSON.stringify(value)
    hash.update(`\0${name}\0${text.length}\0`).update(text)
  }
  return hash.digest('hex')
}
