// The keys that seal what the replica keeps: a file that only its owner can read. It is made for a folder in which nothing
// is kept yet; beside work that others sealed, new keys would open nothing.

import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Outcome } from '../../src/outcome.ts'
import { refuse, succeed } from '../../src/outcome.ts'
import type { EncryptionKey } from '../../src/storage/cipher.ts'
import { createPrivateFile, readPrivateFile } from '../private-file.ts'

/** One `id:key` a line, the newest first; the key is 32 bytes in base64url. */
const LINE = /^([\w-]{1,32}):([\w-]{43})$/

const KEY_BYTES = 32

/** What the file is called in the folder of the replica. */
export const KEY_FILE = 'keys'

/** What to do about it, in words that follow the name of the file. */
export const KEYS_MISSING =
  'is missing, and what is kept here was sealed with its keys: put it back, or move the whole folder away to begin anew'

export const KEYS_WRONG =
  'holds other keys than those that sealed what waits here: put back the one that belongs to this folder, or move the whole folder away to begin anew'

/** True if the folder has databases, put aside or not, and no keys. */
export function keysAreMissing(folder: string): boolean {
  if (existsSync(join(folder, KEY_FILE)) || !existsSync(folder)) return false
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .some(({ name }) => readdirSync(join(folder, name)).some((file) => file.includes('.sqlite')))
}

/** Gives the keys, or what is wrong in words that follow the name of the file. Never repeats a key. */
export function openKeyFile(
  path: string,
  random: (count: number) => Uint8Array
): Outcome<readonly EncryptionKey[], string> {
  if (!existsSync(path)) {
    if (keysAreMissing(dirname(path))) return refuse(KEYS_MISSING)
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
  return refuse('holds no keys: put back the file that belongs to this folder')
}
