// Writing STON: what Pharo's reader takes back as what it was.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonText } from '../../src/protocol/json-text.ts'
import { readSton } from '../../src/ston/read.ts'
import { stonString, writeSton } from '../../src/ston/write.ts'

describe('an object', () => {
  it('has one member a line, as Pharo prints it', () => {
    const json = '{"a":nil}'.replace('nil', 'null') as JsonText
    expect(
      writeSton('STUISessionData', [
        ['sessionId', { string: 'x' }],
        ['state', { json }],
      ])
    ).toBe('STUISessionData {\n\t#sessionId : \'x\',\n\t#state : {"a":null}\n}\n')
  })
})

describe('a string', () => {
  it.each([
    ["it's", "'it\\'s'"],
    ['back\\slash', "'back\\\\slash'"],
    ['\b\t\n\f\r', "'\\b\\t\\n\\f\\r'"],
    ['say "hi"', '\'say "hi"\''],
    ['\u0000\u001f\u007f\u0080\u009f', "'\\u0000\\u001F\\u007F\\u0080\\u009F'"],
    ['élèves 😀 \u2028', "'élèves 😀 \u2028'"],
    ['a/b', "'a/b'"],
  ])('%j is escaped as Pharo escapes it', (text, ston) => {
    expect(stonString(text)).toBe(ston)
  })

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = readSton(writeSton('A', [['a', { string: text }]]), { levels: 1, repeated: 0 })
        expect(read.ok && JSON.parse(read.value.members.get('a')?.text ?? '')).toBe(text)
      })
    )
  })
})
