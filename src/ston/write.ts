// Writes an object in STON as Pharo writes it. Strings of ours get single quotes; a JSON text goes in as it is,
// because Pharo's reader takes every construct of JSON.

import type { JsonText } from '../protocol/json-text.ts'

/** A member in the order of writing: a string of ours, or a value that is JSON. */
export type StonEntry = readonly [symbol: string, value: { string: string } | { json: JsonText }]

/** The characters that Pharo's own writer escapes by name. */
const NAMED: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  "'": "\\'",
  '\\': '\\\\',
}

/** Writes an object of a class, one member a line. */
export function writeSton(tag: string, entries: readonly StonEntry[]): string {
  const lines = entries.map(
    ([symbol, value]) => `\t#${symbol} : ${'json' in value ? value.json : stonString(value.string)}`
  )
  return `${tag} {\n${lines.join(',\n')}\n}\n`
}

/** Writes a string. Control characters are escaped, those of Latin-1 too, as Pharo does. */
export function stonString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  const inner = text.replace(/[\u0000-\u001f'\\\u007f-\u009f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return NAMED[character] ?? `\\u${code}`
  })
  return `'${inner}'`
}
