// The setting that names the keys of stored states.

import { describe, expect, it } from 'vitest'
import { type Env, readSettings } from '../src/env.ts'

const keyOf = (byte: number, length = 32) => Buffer.alloc(length, byte).toString('base64url')

const keysIn = (STUI_ENCRYPTION_KEYS: string | undefined) =>
  readSettings({
    CLIENTS: {} as Env['CLIENTS'],
    TEAMS: {} as Env['TEAMS'],
    STUI_AUTH: 'off',
    STUI_SESSION_SECRETS: keyOf(7),
    STUI_ENCRYPTION_KEYS,
  }).encryptionKeys

describe('STUI_ENCRYPTION_KEYS', () => {
  it('may be absent: then nothing is sealed', () => {
    expect(keysIn(undefined)).toEqual([])
  })

  it('is a list of ids and keys, the newest first', () => {
    expect(keysIn(`2026-11:${keyOf(2)}, 2026-05:${keyOf(1)}=`)).toEqual([
      { id: '2026-11', key: new Uint8Array(32).fill(2) },
      { id: '2026-05', key: new Uint8Array(32).fill(1) },
    ])
  })

  it.each([
    '',
    ',',
    keyOf(1),
    `:${keyOf(1)}`,
    `a:${keyOf(1, 31)}`,
    `a:${keyOf(1, 33)}`,
    `a:${keyOf(1)},`,
    `a b:${keyOf(1)}`,
    `a:${keyOf(1)},a:${keyOf(2)}`,
    `a:${keyOf(1)};b:${keyOf(2)}`,
    `${'a'.repeat(33)}:${keyOf(1)}`,
    `a:${'+'.repeat(43)}`,
  ])('is named when it is wrong: %s', (text) => {
    expect(() => keysIn(text)).toThrow(/the setting STUI_ENCRYPTION_KEYS is/)
  })
})
