// Marks for tokens and state, and a search for them: in every file of a folder, byte by byte, and in what was said.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const STATE = 'MARK-OF-STATE-7f3a'
export const TOKEN = 'MARK-OF-TOKEN-c41d'

/** No token of anybody: opaque, as another STUI API may make them. */
export const OPAQUE = `opaque.${TOKEN}.${'x'.repeat(32)}`

/** The mark as a value, as a key, nested, and beside an escape. */
export const MARKED = { [STATE]: STATE, list: [[STATE]], text: `\u0000"${STATE}\\` }

/** Files below the folder that hold one of the texts, with the text, such as `a.sqlite-wal holds MARK`. */
export function filesWithMarks(folder: string, marks: readonly string[]): string[] {
  return filesBelow(folder).flatMap((path) => {
    const bytes = readFileSync(path)
    return marks.filter((mark) => bytes.includes(mark)).map((mark) => `${path} holds ${mark}`)
  })
}

/** Every file below the folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Lines that hold one of the texts. */
export function linesWithMarks(lines: readonly string[], marks: readonly string[]): string[] {
  return lines.filter((line) => marks.some((mark) => line.includes(mark)))
}

/** A token and the parts of it that are its own: the header of a JSON Web Token is the same for everybody. */
export function partsOfToken(token: string): string[] {
  return [token, ...token.split('.').slice(1)].filter((part) => part !== '')
}
