// A path as a person at the terminal would write it.

import { isAbsolute, relative } from 'node:path'

/** Below the working folder from there, elsewhere absolute. */
export function shown(path: string): string {
  const below = relative(process.cwd(), path)
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : `./${below}`
}

/** The same as one word of a shell line. */
export function shellPath(path: string): string {
  const text = shown(path)
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
