// Ciphers with keys that only tests have.

import { randomBytes } from 'node:crypto'
import { type Cipher, createCipher, type EncryptionKey } from '../../src/storage/cipher.ts'

/** A key that is the same in every run; its id tells which one. */
export function testKey(id: string): EncryptionKey {
  return { id, key: new Uint8Array(32).fill(id.charCodeAt(0)) }
}

/** A cipher over keys of these ids, the newest first. */
export function testCipher(...ids: string[]): Cipher {
  return createCipher({ keys: ids.map(testKey), random: (count) => randomBytes(count) })
}
