import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { charactersOf, harmless, harmlessJson } from '../../../local-bridge/sessions/harmless.ts'

/** What a terminal acts on, or what turns or hides what stands around it. */
const HARMFUL =
  /[\p{Control}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c\ufeff\u00ad\u{e0000}-\u{e007f}]|\p{Surrogate}/u

/** Any text, with what is harmful far more often than chance would have it. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ...['\u001b[31m', '\u001b]0;title\u0007', '\u009b2J', '\u0090q\u009c', '\r\n', '\u202e'],
        ...[
          '\u2066',
          '\u2069',
          '\u200b',
          '\u200d',
          '\ufe0f',
          '\u0301',
          '\ud800',
          '\u{e0041}',
          '👩‍🚀',
        ]
      )
    ),
    { maxLength: 12 }
  )
  .map((parts) => parts.join(''))

describe('a text of anybody’s', () => {
  it('holds nothing that a terminal acts on or does not show, whatever it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(harmless(text)).not.toMatch(HARMFUL)
      }),
      { numRuns: 2000 }
    )
  })

  it('is never longer than it may be, as a person counts characters', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 30 }), (text, most) => {
        expect([...charactersOf(harmless(text, most))].length).toBeLessThanOrEqual(most + 1)
      })
    )
  })

  it.each([
    ['an escape sequence', '\u001b[2J', '‹ESC›[2J'],
    ['a title for the window', '\u001b]0;x\u0007', '‹ESC›]0;x‹BEL›'],
    ['a control character of eight bits', '\u009b31m', '‹009B›31m'],
    ['a line break', 'a\r\nb', 'a‹CR›‹LF›b'],
    ['a turned direction', 'a\u202eb', 'a‹RLO›b'],
    ['an isolate that is not closed', '\u2067a', '‹RLI›a'],
    ['an invisible letter', 'a\u200bb\u{e0041}', 'a‹ZWSP›b‹U+E0041›'],
    ['a joiner between letters', 'a\u200db', 'a‹U+200D›b'],
    ['half a character', 'a\ud800', 'a\ufffd'],
    ['a mark that would change what is before it', '\u0301a', '\u25cc\u0301a'],
    ['marks over marks', `a${'\u0301'.repeat(50)}b`, `a${'\u0301'.repeat(4)}b`],
    ['markup', '<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['an astronaut', '👩🏽‍🚀', '👩🏽‍🚀'],
    ['a family', '👨‍👩‍👧', '👨‍👩‍👧'],
    ['Hebrew', 'שלום', 'שלום'],
  ])('shows %s', (_, text, shown) => {
    expect(harmless(text)).toBe(shown)
  })

  it('is cut between two characters, never within one', () => {
    expect(harmless('👩‍🚀'.repeat(120), 3)).toBe(`${'👩‍🚀'.repeat(3)}…`)
  })
})

describe('JSON for programs', () => {
  it('can be printed on a terminal, and says what it said', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const json = harmlessJson({ text })
        expect(json).not.toMatch(HARMFUL)
        expect(JSON.parse(json)).toEqual({ text })
      })
    )
  })
})
