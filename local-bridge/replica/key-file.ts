// The keys that seal what the replica keeps: a file that only its owner can read, made when there is none.

import { existsSync } from 'node:fs'
import type { Outcome } from '../../src/outcome.ts'
import { succeed } from '../../src/outcome.ts'
import type { EncryptionKey } from '../../src/storage/cipher.ts'
import { createPrivateFile, readPrivateFile } from '../private-file.ts'

/** One `id:key` a line, the newest first; the key is 32 bytes in base64url. */
const LINE = /^([\w-]{1,32}):([\w-]{43})$/

const KEY_BYTES = 32

/** Gives the keys, or what is wrong in words that follow the name of the file. Never repeats a key. */
export function openKeyFile(
  path: string,
  random: (count: number) => Uint8Array
): Outcome<readonly EncryptionKey[], string> {
  if (!existsSync(path)) {
    const key = Buffer.from(random(KEY_BYTES)).toString('base64url')
    const made = createPrivateFile(path, `k1:${key}\n`)
    if (!made.ok) return made
  }
  return readKeyFile(path)
}

/** Gives the keys of a file that is there, or what is wrong in words that follow its name. */
export function readKeyFile(path: string): Outcome<readonly EncryptionKey[], string> {
  const text = readPrivateFile(path)
  return text.ok ? keysOf(text.value) : text
}

function keysOf(text: string): Outcome<readonly EncryptionKey[], string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const keys = lines.flatMap((line) => {
    const [, id, key] = LINE.exec(line.trim()) ?? []
    return id === undefined || key === undefined
      ? []
      : [{ id, key: new Uint8Array(Buffer.from(key, 'base64url')) }]
  })
  if (keys.length > 0 && keys.length === lines.length) return succeed(keys)
  return { ok: false, failure: 'holds no keys: put back the file that belongs to this folder' }
}
