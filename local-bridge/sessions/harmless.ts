// Text of anybody's, made so that a terminal can only show it: nothing in it moves the cursor, sets a colour, turns the
// direction of its surroundings or stays unseen. Everything that is printed and was not written here goes through it.

import { visible } from '../../src/panel/view/visible-text.ts'

/** Characters as a person counts them, beyond which a text is cut. */
const MOST_CHARACTERS = 200

/** The code units that are looked at in any case: the rest of a text that is longer cannot be shown. */
const MOST_UNITS = 4000

/** Joiners that join no emoji. */
const LOOSE_JOINER =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d|\u200d(?!\p{Extended_Pictographic})/gu

/** What else one would not see, or a terminal may act on; emoji need their joiner and their variation selectors. */
const UNSEEN =
  /(?![\u200d\ufe0e\ufe0f])[\p{Control}\p{Format}\p{Default_Ignorable_Code_Point}\p{Line_Separator}\p{Paragraph_Separator}\p{Unassigned}]/gu

/** Marks over marks would grow into the lines above and below. */
const STACKED = /(\p{Mark}{4})\p{Mark}+/gu

/** A mark that stands first would change what is printed before it. */
const LEADING_MARK = /^\p{Mark}/u

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The text in one line, with a symbol such as ‹ESC› or ‹U+E0001› for each character that is not shown. */
export function harmless(text: string, most = MOST_CHARACTERS): string {
  const shown = visible(text.slice(0, MOST_UNITS))
    .replace(LOOSE_JOINER, symbolOf)
    .replace(UNSEEN, symbolOf)
    .replace(STACKED, '$1')
    .replace(LEADING_MARK, '\u25cc$&')
  return shortened(shown, most)
}

/** The characters of a text as a person counts them. */
export function* charactersOf(text: string): Generator<string> {
  for (const { segment } of characters.segment(text)) yield segment
}

/** JSON that can be printed: the same values, with escapes for what a terminal may act on or not show. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value).replace(ESCAPED, (found) =>
    [...Array(found.length).keys()].map((at) => escapeOf(found.charCodeAt(at))).join('')
  )
}

const ESCAPED = /[\p{Control}\p{Format}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu

function escapeOf(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}

function symbolOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
}

function shortened(text: string, most: number): string {
  let kept = ''
  let count = 0
  for (const character of charactersOf(text)) {
    count += 1
    if (count > most) return `${kept}…`
    kept += character
  }
  return kept
}
