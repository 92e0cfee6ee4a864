// How many columns of a terminal a text takes. Terminals disagree about emoji that are joined; here a text is never taken
// for narrower than any of them shows it, so that nothing is wider than the screen.

import { charactersOf } from './harmless.ts'

/** Marks that are drawn over the character before them, and joiners. */
const NO_COLUMN = /[\p{Nonspacing_Mark}\p{Enclosing_Mark}\u2066-\u2069]|\u200d/u

/** East Asian characters and emoji. */
const TWO_COLUMNS =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\ua960-\ua97f\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** It may make an emoji out of the character before it. */
const EMOJI_SELECTOR = '\ufe0f'

/** What stands where a text was cut. */
export const CUT = '…'

export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

/** The beginning of the text that fits into so many columns, with … where something is missing. */
export function clipped(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const character of charactersOf(text)) {
    width += widthOf(character)
    if (width > columns - 1) break
    kept += character
  }
  return columns < 1 ? '' : `${kept}${CUT}`
}

/** The text with spaces behind it up to this width. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}

function columnsOf(character: string): number {
  if (character === EMOJI_SELECTOR) return 1
  if (NO_COLUMN.test(character)) return 0
  return TWO_COLUMNS.test(character) ? 2 : 1
}
