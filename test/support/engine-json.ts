// Arbitrary JSON texts, in spellings that no serializer would choose.

import fc from 'fast-check'

const space = fc.constantFrom('', '', '', ' ', '\n\t')

const number = fc.oneof(
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('-0', '0.0', '1E400', '-1e-400', '1.500', '9007199254740993')
)

const string = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\u0041"', '"\\ud83d\\ude00"', '"\\/"', '"\\\\\\""', '"]}"', '""')
)

const key = fc.oneof(
  string,
  fc.constantFrom('"__proto__"', '"constructor"', '"hasOwnProperty"', '"1"', '"null"')
)

const { container } = fc.letrec<{ value: string; container: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    number,
    string,
    fc.constantFrom('true', 'false', 'null'),
    tie('container')
  ),
  container: fc.oneof(
    fc
      .tuple(space, fc.array(tie('value'), { maxLength: 5, depthIdentifier: 'json' }))
      .map(([gap, items]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
    fc
      .tuple(
        space,
        fc.array(fc.tuple(key, tie('value')), { maxLength: 5, depthIdentifier: 'json' })
      )
      .map(([gap, members]) => {
        const parts = members.map(([name, value]) => `${name}${gap}:${gap}${value}`)
        return `{${gap}${parts.join(`,${gap}`)}${gap}}`
      })
  ),
}))

/** The text of a JSON object or array. */
export const jsonContainerText: fc.Arbitrary<string> = container
