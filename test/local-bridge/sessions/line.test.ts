import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { harmless } from '../../../local-bridge/sessions/harmless.ts'
import { type Line, piece, rendered, type Tone } from '../../../local-bridge/sessions/line.ts'
import { clipped, padded, widthOf } from '../../../local-bridge/sessions/width.ts'

const TONES: readonly Tone[] = ['plain', 'strong', 'good', 'warning', 'bad', 'faint']

const anyLine: fc.Arbitrary<Line> = fc.array(
  fc
    .tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom(...TONES))
    .map(([text, tone]) => piece(harmless(text), tone))
)

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours are what it is about
const COLOUR = /\u001b\[(?:0|1|2|31|32|33)m/g

describe('the width of a text', () => {
  it.each([
    ['latin', 5],
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['かな', 4],
    ['한글', 4],
    ['ＡＢ', 4],
    ['🚀', 2],
    ['☎\ufe0f', 2],
    ['', 0],
  ])('%s takes %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width)
  })

  it('takes an emoji that is joined for as wide as a terminal shows it that cannot join', () => {
    expect(widthOf('👩‍🚀')).toBe(4)
  })

  it('is what padding fills and cutting keeps to', () => {
    expect(padded('漢字', 6)).toBe('漢字  ')
    expect(padded('漢字', 3)).toBe('漢字')
    expect(clipped('漢字かな', 6)).toBe('漢字…')
    expect(clipped('漢字かな', 8)).toBe('漢字かな')
    expect(clipped('abc', 0)).toBe('')
  })
})

describe('a line', () => {
  it('is never wider than the terminal, and holds no control character but our own colours', () => {
    fc.assert(
      fc.property(anyLine, fc.integer({ min: 0, max: 60 }), (line, columns) => {
        const text = rendered(line, { columns, isColoured: true }).replace(COLOUR, '')
        expect(widthOf(text)).toBeLessThanOrEqual(columns)
        expect(text).not.toMatch(/\p{Control}/u)
      }),
      { numRuns: 1000 }
    )
  })

  it('has colours where they are wanted, each ended before the next text', () => {
    const line = [piece('a', 'good'), piece('b'), piece('', 'bad')]
    expect(rendered(line, { columns: 9, isColoured: true })).toBe('\u001b[32ma\u001b[0mb')
    expect(rendered(line, { columns: 9, isColoured: false })).toBe('ab')
  })

  it('keeps a text that runs from right to left from turning what is around it, also when it was cut', () => {
    const line = [piece('a '), piece('שלום עולם'), piece(' 12')]
    const whole = rendered(line, { columns: undefined, isColoured: false })
    expect(whole).toBe('a \u2068שלום עולם\u2069 12')
    expect(rendered(line, { columns: 6, isColoured: false })).toBe('a \u2068שלו…\u2069')
  })
})
