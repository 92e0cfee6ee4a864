// Text of anybody's, shown so that it can do nothing but be read.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortened, visible } from '../../../src/panel/view/visible-text.ts'

describe('text of anybody’s', () => {
  it.each([
    ['escape sequences of a terminal', '\u001b[31mred', '‹ESC›[31mred'],
    ['what turns the direction', 'abc\u202etxt.exe', 'abc‹RLO›txt.exe'],
    ['isolates', '\u2066a\u2069', '‹LRI›a‹PDI›'],
    ['new lines and tabs', 'a\r\nb\tc', 'a‹CR›‹LF›b‹TAB›c'],
    ['what has no width', 'pay\u200bpal\ufeff', 'pay‹ZWSP›pal‹BOM›'],
    ['controls beyond ASCII', 'a\u0085b\u009bc', 'a‹0085›b‹009B›c'],
    ['half a character', 'a\ud83d', 'a\ufffd'],
    ['delete', 'a\u007f', 'a‹DEL›'],
  ])('shows a symbol for %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it.each(['<script>alert(1)</script>', '👩‍👩‍👧‍👦', 'naïve', 'שלום', '日本語', '&amp;'])(
    'stays as it is where everything can be seen: %s',
    (text) => {
      expect(visible(text)).toBe(text)
    }
  )

  it('holds nothing afterwards that one would not see', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\ufeff]/u)
      })
    )
  })
})

describe('a long text', () => {
  it('is cut between characters, never in the middle of one', () => {
    expect(shortened('😀'.repeat(5), 3)).toBe('😀😀…')
    expect(shortened('abc', 3)).toBe('abc')
  })
})
