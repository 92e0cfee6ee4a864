import { describe, expect, it } from 'vitest'
import { splitFrames } from '../../local-bridge/envelope.ts'

const frames = (...texts: string[]) => texts.map((text) => Buffer.from(text))
const texts = (buffers: readonly Buffer[]) => buffers.map(String)

describe('the envelope of a message', () => {
  it.each([
    ['of a REQ reaches to its empty frame', ['id', '', 'body'], ['id', ''], ['body']],
    [
      'of a REQ that correlates holds its four bytes too',
      ['id', '\x01\x02\x03\x04', '', 'body'],
      ['id', '\x01\x02\x03\x04', ''],
      ['body'],
    ],
    ['of a DEALER without delimiter is its identity', ['id', 'body'], ['id'], ['body']],
    ['ends at the first empty frame', ['id', '', '', 'body'], ['id', ''], ['', 'body']],
    ['keeps the identities that proxies put in', ['id', 'hop', '', 'b'], ['id', 'hop', ''], ['b']],
    ['may be followed by nothing', ['id', ''], ['id', ''], []],
    ['may be all there is', ['id'], ['id'], []],
  ])('%s', (_, given, envelope, bodies) => {
    const split = splitFrames(frames(...given))
    expect(String(split.peer)).toBe('id')
    expect(texts(split.envelope)).toEqual(envelope)
    expect(texts(split.bodies)).toEqual(bodies)
  })
})
