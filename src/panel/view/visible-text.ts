// Shows text of anybody's so that it can do nothing but be read: what would be invisible, move the cursor or turn the
// direction of its surroundings becomes a symbol. The page puts the result into text nodes alone.

/** Directions and invisible characters by their usual short names; the joiner that emoji are made with stays. */
const NAMES: Readonly<Record<string, string>> = {
  '\u00ad': 'SHY',
  '\u061c': 'ALM',
  '\u180e': 'MVS',
  '\u200b': 'ZWSP',
  '\u200c': 'ZWNJ',
  '\u200e': 'LRM',
  '\u200f': 'RLM',
  '\u2028': 'LSEP',
  '\u2029': 'PSEP',
  '\u202a': 'LRE',
  '\u202b': 'RLE',
  '\u202c': 'PDF',
  '\u202d': 'LRO',
  '\u202e': 'RLO',
  '\u2060': 'WJ',
  '\u2066': 'LRI',
  '\u2067': 'RLI',
  '\u2068': 'FSI',
  '\u2069': 'PDI',
  '\ufeff': 'BOM',
}

const HIDDEN = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f${Object.keys(NAMES).join('')}]`, 'gu')

/** The text with a symbol for each character that one would not see. */
export function visible(text: string): string {
  return text.toWellFormed().replace(HIDDEN, symbolOf)
}

const ASCII =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' '
  )

/** By name: the pictures that Unicode has of control characters are missing in many fonts. */
function symbolOf(character: string): string {
  const code = character.charCodeAt(0)
  const name = code === 0x7f ? 'DEL' : (ASCII[code] ?? NAMES[character])
  return `‹${name ?? code.toString(16).toUpperCase().padStart(4, '0')}›`
}

/** The beginning of a long text; never half a character. */
export function shortened(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
