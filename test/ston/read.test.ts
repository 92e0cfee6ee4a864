// Reading STON: what Pharo writes, and what nobody should.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSton, type StonObject } from '../../src/ston/read.ts'
import { spelledValue } from '../protocol/spelled-json.ts'

const BOUNDS = { levels: 66, repeated: 10_000 }

function read(text: string): StonObject {
  const outcome = readSton(text, BOUNDS)
  if (outcome.ok) return outcome.value
  throw new Error(`${outcome.failure.at}: ${outcome.failure.detail}`)
}

function faultOf(text: string) {
  const outcome = readSton(text, BOUNDS)
  return outcome.ok ? undefined : outcome.failure
}

/** A value as the JSON text that it becomes. */
const become = (value: string) => read(`{ #a : ${value} }`).members.get('a')?.text

describe('a document as Pharo writes it', () => {
  const pretty = `STUISessionData {
\t#formatVersion : 1,
\t#sessionId : 'session_1_2_x',
\t#workspaceContext : OrderedDictionary {
\t\t'counter' : 42,
\t\t#point : Point [ 3, 4 ],
\t\t'when' : DateAndTime [ '2025-08-30T10:30:00+02:00' ],
\t\t'nothing' : nil
\t},
\t#evaluationHistory : OrderedCollection [
\t\t'3 + 4',
\t\t#size : 7
\t]
}`

  it('is read member by member', () => {
    const { tag, members } = read(pretty)
    expect(tag).toBe('STUISessionData')
    expect([...members].map(([name, { text }]) => [name, text])).toEqual([
      ['formatVersion', '1'],
      ['sessionId', '"session_1_2_x"'],
      [
        'workspaceContext',
        '{"counter":42,"point":[3,4],"when":"2025-08-30T10:30:00+02:00","nothing":null}',
      ],
      ['evaluationHistory', '["3 + 4",{"size":7}]'],
    ])
  })

  it('is the same without white space, and with the line ends of any system', () => {
    const dense = "STUISessionData{#formatVersion:1,#a:OrderedCollection['3 + 4',#size:7]}"
    expect(read(dense).members.get('a')?.text).toBe('["3 + 4",{"size":7}]')
    for (const end of ['\r', '\r\n']) {
      expect(read(pretty.replaceAll('\n', end)).members).toEqual(read(pretty).members)
    }
  })

  it('tells which classes were left out', () => {
    expect([...read(pretty).dropped].sort()).toEqual([
      'DateAndTime',
      'OrderedCollection',
      'OrderedDictionary',
      'Point',
    ])
  })
})

describe('a value becomes JSON:', () => {
  it.each([
    ['nil', 'null'],
    ['true', 'true'],
    ["'it\\'s'", '"it\'s"'],
    ['\'say "hi"\'', '"say \\"hi\\""'],
    ["'\\b\\f\\n\\r\\t\\/\\\\\\\"'", '"\\b\\f\\n\\r\\t/\\\\\\""'],
    ["'\\u00e9 \\uD834\\uDD1E'", '"é 𝄞"'],
    ["'two\nlines'", '"two\\nlines"'],
    ['"two\nlines"', '"two\\nlines"'],
    ['"it\\\'s"', '"it\'s"'],
    ['#foo', '"foo"'],
    ['#foo-bar_1./', '"foo-bar_1./"'],
    ["#'foo bar:'", '"foo bar:"'],
    ["''", '""'],
    ['12345678901234567890', '12345678901234567890'],
    ['-0', '-0'],
    ['1.5e-10', '1.5e-10'],
    ['1E400', '1E400'],
    ['007', '7'],
    ['-00.5', '-0.5'],
    ['5.', '5'],
    ['1/4', '0.25'],
    ['-1/3', '-0.3333333333333333'],
    ['12345/100s2', '123.45'],
    ['Float [ #nan ]', '"nan"'],
    ['Float[1.5]', '1.5'],
    ["Date [ '2025-08-30Z' ]", '"2025-08-30Z"'],
    ["Character['a']", '"a"'],
    ["ByteArray [ 'cafe' ]", '"cafe"'],
    ['Class [ #Object ]', '"Object"'],
    ['Color [ #red ]', '"red"'],
    ['Color { #red : 1.0, #alpha : 0.5 }', '{"red":1.0,"alpha":0.5}'],
    ['Set [ #a ]', '["a"]'],
    ['OrderedCollection [ ]', '[]'],
    ['Bag { #a : 2 }', '{"a":2}'],
    ['Object { }', '{}'],
    ['{ 1 : #one, -2.5 : #other }', '{"1":"one","-2.5":"other"}'],
    ['#a : 1 : 2', '{"a":{"1":2}}'],
    ['[ 42 : #life ]', '[{"42":"life"}]'],
    ["{ '__proto__' : nil }", '{"__proto__":null}'],
  ])('%s is %s', (ston, json) => {
    expect(become(ston)).toBe(json)
    expect(() => JSON.parse(json)).not.toThrow()
  })
})

describe('a reference', () => {
  it.each([
    ['[ [1], @3 ]', '[[1],[1]]'],
    ["[ Date [ '2025-08-30Z' ], @3 ]", '["2025-08-30Z","2025-08-30Z"]'],
    ["[ 'a string', #symbol, 7, {}, @3 ]", '["a string","symbol",7,{},{}]'],
    ['[ #a : [], @3 ]', '[{"a":[]},[]]'],
    ['[ OrderedCollection [ #x ], @3 ]', '[["x"],["x"]]'],
  ])('repeats what it refers to: %s is %s', (ston, json) => {
    expect(become(ston)).toBe(json)
  })

  it.each(['@1', '[ @2 ]', '[ { #self : @2 } ]'])(
    'to what it is inside of is refused: %s',
    (ston) => {
      expect(faultOf(`{ #a : ${ston} }`)?.detail).toBe(
        'it refers to an object that it is inside of'
      )
    }
  )

  it.each(['@0', '@2', '@', '@999999999999'])('to nothing is refused: %s', (ston) => {
    expect(faultOf(`{ #a : ${ston} }`)?.detail).toBe('it refers to nothing before it')
  })

  it('is not followed into a text that grows without end', () => {
    const chain = Array.from({ length: 40 }, (_, n) => `#b${n} : [ @${n + 2}, @${n + 2} ]`)
    expect(faultOf(`{ #a : [ 'xxxxxxxxxx' ], ${chain.join(', ')} }`)?.detail).toBe(
      'its references repeat too much'
    )
  })
})

describe('JSON inside of STON', () => {
  it('is cut out as it is, to the letter', () => {
    const text =
      '{ "b" : [1.50, -0, 9007199254740993],\n "a":"\\u0041\\/\\ud83d\\ude00", "a":null }'
    expect(read(`X { #a : ${text}, #b : nil }`).members.get('a')).toEqual({ text, isJson: true })
  })

  it('beside STON is cut out, too', () => {
    expect(become('[ {"a" : 1e5}, \'x\' ]')).toBe('[{"a" : 1e5},"x"]')
  })

  it('is the same text, whatever it is', () => {
    fc.assert(
      fc.property(spelledValue, (text) => {
        expect(become(text)).toBe(text)
      }),
      { numRuns: 2000 }
    )
  })

  it.each(["'x'", '#x', 'nil', '1/2', '01', '"\\\'"', '"\t"', '[#a]', '{ 1 : 2 }', 'Set[]', 'a'])(
    'is not what STON alone has: %s',
    (value) => {
      const outcome = readSton(`{ #a : ${value} }`, BOUNDS)
      expect(outcome.ok && outcome.value.members.get('a')?.isJson).toBe(false)
    }
  )
})

describe('what is no STON is refused, and the place is told:', () => {
  it.each([
    ['', 0, 'it ends too early'],
    ['nil', 0, '"{" expected'],
    ['[ 1 ]', 0, '"{" expected'],
    ['{ #a : 1', 8, 'it ends too early'],
    ['{ #a : 1 } x', 11, 'text behind the end of the object'],
    ['{ #a : 1 #b : 2 }', 9, '"," or "}" expected'],
    ['{ #a : 1, }', 10, 'a value expected'],
    ['{ #a 1 }', 5, '":" expected'],
    ['{ nil : 1 }', 5, 'the key before it is no string, symbol or number'],
    ['{ [ 1 ] : 1 }', 7, 'the key before it is no string, symbol or number'],
    ['{ #a : [ nil : 1 ] }', 15, 'the key before it is no string, symbol or number'],
    ["{ #a : 'abc }", 7, 'the string that begins here does not end'],
    ["{ #a : '\\v' }", 8, expect.stringContaining('no escape of STON')],
    ["{ #a : '\\u12g4' }", 8, expect.stringContaining('no escape of STON')],
    ['{ # : 1 }', 3, expect.stringContaining('a symbol expected')],
    ['{ #a : - }', 7, 'digits expected'],
    ['{ #a : 1/0 }', 7, 'a fraction that no JSON number can hold'],
    ['{ #a : Date }', 12, '"{" or "[" expected behind the class'],
    ['{ #a : date }', 7, 'a value expected'],
    ['{ #a : /* no comments */ 1 }', 7, 'a value expected'],
    ['{ #a : "a comment" 1 }', 19, '"," or "}" expected'],
  ])('%j at %i: %s', (text, at, detail) => {
    expect(faultOf(text)).toEqual({ at, detail })
  })

  it('nesting is bounded, of lists, maps and associations', () => {
    for (const deep of ['['.repeat(1e6), '{#a:'.repeat(1e6), '1:'.repeat(1e6), 'A['.repeat(1e6)]) {
      expect(faultOf(`{ #a : ${deep} }`)?.detail).toBe('it nests deeper than 66 levels')
    }
    expect(become(`${'['.repeat(66)}${']'.repeat(66)}`)).toBe(`${'['.repeat(66)}${']'.repeat(66)}`)
  })
})

describe('hostile text', () => {
  const piece = fc.constantFrom(
    ...["'", '"', '\\', '#', '@1', '@2', '[', ']', '{', '}', ':', ',', ' ', '\n', '-', '1/3s2'],
    ...['nil', 'Date', 'a', '\\u', 'D83D', '\ud83d', '\u0000', '1e9', 'OrderedCollection', '0']
  )

  it('never throws, and what is read is JSON', () => {
    const hostile = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
      fc.array(piece, { maxLength: 30 }).map((parts) => `{#a:${parts.join('')}}`),
      fc.string({ unit: 'binary', maxLength: 40 })
    )
    fc.assert(
      fc.property(hostile, (text) => {
        const outcome = readSton(text, BOUNDS)
        if (!outcome.ok) expect(outcome.failure.at).toBeLessThanOrEqual(text.length)
        else for (const { text } of outcome.value.members.values()) JSON.parse(text)
      }),
      { numRuns: 5000 }
    )
  })

  it.each([
    ['digits', '1'.repeat(2e6)],
    ['a fraction of digits', `1${'0'.repeat(1e6)}/3`],
    ['a string of escapes', `'${'\\n'.repeat(1e6)}'`],
    ['a string of backslashes', `"${'\\\\'.repeat(1e6)}"`],
    ['empty lists', `[${'[],'.repeat(5e5)}[]]`],
    ['symbols', `[${'#a,'.repeat(5e5)}nil]`],
    ['white space', `${' '.repeat(2e6)}1`],
  ])('of two million characters is read at once: %s', (_, value) => {
    expect(readSton(`{ #a : ${value} }`, BOUNDS)).toMatchObject({
      ok: _ !== 'a fraction of digits',
    })
  })
})
