// JSON as the wild spells it: any white space, any escape, any number, any key.

import fc from 'fast-check'

const space = fc
  .array(fc.constantFrom(' ', '\n', '\r', '\t'), { maxLength: 2 })
  .map((parts) => parts.join(''))

const numberText = fc.oneof(
  fc.constantFrom('0', '-0', '1e400', '12345678901234567890', '9007199254740993', '1E+2', '-0.10'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value))
)

/** A string without lone surrogates, some of its characters escaped. */
const stringText = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('__proto__', 'constructor', 'toString', '', '"', '\\', 'null', '}]'),
      fc.string({ unit: 'binary', maxLength: 8 })
    ),
    fc.infiniteStream(fc.boolean())
  )
  .map(([text, isEscaped]) => `"${spellString(text, isEscaped)}"`)

/**
 * A key. Never a lone backslash: once the V8 of Node 26.10 has parsed an object with that key, it reads every
 * escaped key of one character in the same place as a backslash, so JSON.parse is no measure there.
 */
const keyText = stringText.filter((text) => JSON.parse(text) !== '\\')

/** A text that is valid JSON, without white space around it. */
export const spelledValue: fc.Arbitrary<string> = fc.letrec<{ value: string; container: string }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'json' },
      fc.oneof(fc.constantFrom('null', 'true', 'false'), numberText, stringText),
      tie('container')
    ),
    container: fc.oneof(
      { depthIdentifier: 'json' },
      listOf(tie('value')).map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
      listOf(fc.tuple(keyText, space, tie('value')).map(member)).map(
        ([members, gap]) => `{${gap}${members.join(`${gap},${gap}`)}${gap}}`
      )
    ),
  })
).value

/** An array or an object, spelled in any way. */
export const spelledContainer = spelledValue.map((text) =>
  /^[[{]/.test(text) ? text : `[${text}]`
)

/** An object, spelled in any way. */
export const spelledObject = fc
  .tuple(listOf(fc.tuple(keyText, space, spelledValue).map(member)), space)
  .map(([[members, gap], around]) => `${around}{${gap}${members.join(`${gap},`)}${gap}}${around}`)

function listOf(item: fc.Arbitrary<string>) {
  return fc.tuple(fc.array(item, { maxLength: 4, depthIdentifier: 'json' }), space)
}

function member([key, gap, value]: [string, string, string]): string {
  return `${key}${gap}:${gap}${value}`
}

function spellString(text: string, isEscaped: Iterator<boolean>): string {
  return [...text]
    .map((character) =>
      isEscaped.next().value === true ? escaped(character) : JSON.stringify(character).slice(1, -1)
    )
    .join('')
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
