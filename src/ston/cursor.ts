// Where the reader of a text is, and what stopped it first. Moves over white space and brackets; knows no values.

import { type StonFault, skipSpace } from './scan.ts'

export type Cursor = ReturnType<typeof cursorOver>

/** A cursor at the first character of a text that is no white space. */
export function cursorOver(source: string) {
  let fault: StonFault | undefined
  let at = skipSpace(source, 0)

  /** Notes what is wrong, unless something was before. */
  function stop(detail: string, where = at): undefined {
    fault ??= { at: where, detail: where >= source.length ? 'it ends too early' : detail }
  }

  function moveTo(offset: number): void {
    at = offset
  }

  function skip(): void {
    at = skipSpace(source, at)
  }

  /** Steps over a character and the white space around it, if it is there. */
  function take(character: string): boolean {
    skip()
    if (source.charAt(at) !== character) return false
    at = skipSpace(source, at + 1)
    return true
  }

  /** Reads what is between brackets, from the opening one to behind the closing one; false once something stopped it. */
  function elements(close: ']' | '}', element: () => boolean): boolean {
    at = skipSpace(source, at + 1)
    let isOpen = source.charAt(at) !== close
    while (isOpen) {
      if (!element()) return false
      skip()
      isOpen = source.charAt(at) !== close
      if (isOpen && !take(',')) return stop(`"," or "${close}" expected`) !== undefined
    }
    at += 1
    return true
  }

  return {
    here: () => at,
    next: () => source.charAt(at),
    isAtEnd: () => at >= source.length,
    fault: () => fault,
    ...{ stop, moveTo, skip, take, elements },
  }
}
