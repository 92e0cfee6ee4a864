// Checksums of what is stored: always over the text as it is, never over a canonical form.

import { createHash } from 'node:crypto'
import type { JsonObject } from '../protocol/command.ts'
import { OPAQUE_FIELDS } from '../protocol/components.ts'

/** SHA-256 of a text's UTF-8 bytes, hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** SHA-256 over a command and its parameters; the order of the parameters does not matter. */
export function requestDigest(command: string, parameters: JsonObject): string {
  const hash = createHash('sha256').update(command)
  for (const name of Object.keys(parameters).sort()) {
    const value = parameters[name]
    const text =
      OPAQUE_FIELDS.has(name) && typeof value === 'string' ? value : JSON.stringify(value)
    hash.update(`\0${name}\0${text.length}\0`).update(text)
  }
  return hash.digest('hex')
}
