// Lines for a terminal: pieces of text with a tone, cut to the width that there is, coloured where colours are wanted.

import { clipped, widthOf } from './width.ts'

export type Tone = 'plain' | 'strong' | 'good' | 'warning' | 'bad' | 'faint'

export type Piece = { readonly text: string; readonly tone: Tone }

/** Its texts are harmless: who makes a line sees to that. */
export type Line = readonly Piece[]

export type Rendering = {
  /** Columns that a line may take; undefined where nobody counts them. */
  readonly columns: number | undefined
  readonly isColoured: boolean
}

const COLOURS: Readonly<Record<Tone, string>> = {
  plain: '',
  strong: '1',
  good: '32',
  warning: '33',
  bad: '31',
  faint: '2',
}

/** Where letters run from right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

export function piece(text: string, tone: Tone = 'plain'): Piece {
  return { text, tone }
}

/** The line as it is written, without its end. */
export function rendered(line: Line, { columns, isColoured }: Rendering): string {
  let left = columns ?? Number.POSITIVE_INFINITY
  let written = ''
  for (const { text, tone } of line) {
    if (left <= 0) break
    const shown = clipped(text, left)
    left = shown === text ? left - widthOf(shown) : 0
    written += coloured(isolated(shown), isColoured ? COLOURS[tone] : '')
  }
  return written.trimEnd()
}

/** A text that runs the other way turns nothing but itself; after cutting, so that its end is never lost. */
function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text
}

function coloured(text: string, colour: string): string {
  return colour === '' || text === '' ? text : `\u001b[${colour}m${text}\u001b[0m`
}
