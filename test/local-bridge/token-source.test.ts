import { mkdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createTokenSource } from '../../local-bridge/token-source.ts'
import { tokenFolder } from './identity-fixture.ts'

const read = (path: string) => createTokenSource({ from: 'file', path }).read()

describe('a token file', () => {
  it('is read with or without a line end, anew each time', () => {
    using file = tokenFolder()
    for (const [text, token] of [
      ['abc', 'abc'],
      ['def\n', 'def'],
      [' ghi \r\n', 'ghi'],
    ] as const) {
      file.write(text)
      expect(read(file.path)).toEqual({ ok: true, value: token })
    }
  })

  it.each([0o640, 0o604, 0o660, 0o644, 0o777])('of mode %o is refused', (mode) => {
    using file = tokenFolder()
    file.write('abc', mode)
    expect(read(file.path)).toEqual({
      ok: false,
      failure:
        'the token file can be read or changed by others than its owner: make it private with chmod 600',
    })
  })

  it.each(['', '\n', 'two words', 'ünicode', 'x'.repeat(9000), '{"access_token":"abc"}'])(
    'that holds no token is refused and not repeated: %s',
    (text) => {
      using file = tokenFolder()
      file.write(text)
      expect(read(file.path)).toEqual({ ok: false, failure: 'the token file holds no token' })
    }
  )

  it('that is absent or a folder is refused', () => {
    using file = tokenFolder()
    expect(read(file.path)).toMatchObject({ failure: 'the token file cannot be read (ENOENT)' })
    mkdirSync(file.path)
    expect(read(file.path)).toMatchObject({ failure: 'the token file is no regular file' })
  })
})

describe('a token of the environment or of the terminal', () => {
  it.each(['environment', 'prompt'] as const)('(%s) is trimmed and checked', (from) => {
    expect(createTokenSource({ from, token: ' abc ' }).read()).toEqual({ ok: true, value: 'abc' })
    const wrong = createTokenSource({ from, token: 'not a token' }).read()
    expect(wrong).toMatchObject({ ok: false, failure: expect.not.stringContaining('not a token') })
  })
})
