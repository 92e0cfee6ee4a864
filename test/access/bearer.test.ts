// Reading the Authorization header.

import { describe, expect, it } from 'vitest'
import { isToken, MAX_TOKEN_LENGTH, readBearer } from '../../src/access/bearer.ts'

describe('The Authorization header', () => {
  it.each([
    ['Bearer abc.DEF-123_~+/==', 'abc.DEF-123_~+/=='],
    ['bearer abc', 'abc'],
    ['BEARER abc', 'abc'],
    [`Bearer ${'a'.repeat(MAX_TOKEN_LENGTH)}`, 'a'.repeat(MAX_TOKEN_LENGTH)],
  ])('%# gives its token', (header, value) => {
    expect(readBearer(header)).toEqual({ ok: true, value })
  })

  it('gives nothing where there is none', () => {
    expect(readBearer(null)).toEqual({ ok: true, value: undefined })
    expect(readBearer(undefined)).toEqual({ ok: true, value: undefined })
  })

  it.each([
    ['is empty', ''],
    ['has no token', 'Bearer'],
    ['has an empty token', 'Bearer '],
    ['has another scheme', 'Basic YTpi'],
    ['has a scheme that only begins like it', 'Bearerabc'],
    ['has two tokens', 'Bearer abc def'],
    ['came twice', 'Bearer abc, Bearer def'],
    ['has a comma', 'Bearer abc,def'],
    ['has two spaces', 'Bearer  abc'],
    ['begins with a space', ' Bearer abc'],
    ['ends with a space', 'Bearer abc '],
    ['ends with a line', 'Bearer abc\n'],
    ['has a tab', 'Bearer\tabc'],
    ['has padding in the middle', 'Bearer ab=c'],
    ['has quotes', 'Bearer "abc"'],
    ['has a NUL', 'Bearer abc\0'],
    ['has letters of another alphabet', 'Bearer äbc'],
    ['is too long', `Bearer ${'a'.repeat(MAX_TOKEN_LENGTH + 1)}`],
    ['is very much too long', `Bearer ${' '.repeat(1_000_000)}`],
  ])('is refused if it %s', (_, header) => {
    expect(readBearer(header)).toMatchObject({
      ok: false,
      failure: { reason: 'unauthenticated' },
    })
  })

  it('is not repeated in the refusal', () => {
    expect(JSON.stringify(readBearer('Bearer sec,ret'))).not.toMatch(/sec|ret\b/)
  })
})

describe('A token from elsewhere', () => {
  it('is held to the same characters and length', () => {
    expect(isToken('abc.def.ghi')).toBe(true)
    expect(isToken('')).toBe(false)
    expect(isToken('abc def')).toBe(false)
    expect(isToken('a'.repeat(MAX_TOKEN_LENGTH + 1))).toBe(false)
  })
})
