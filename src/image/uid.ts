// A name for an image that only this one has (requirement M-185): from its name, version and address together, because each
// of them alone may be another image's as well. Computed whenever it is told, never stored.

import { createHash } from 'node:crypto'
import type { ImageRecord } from './record.ts'

type Identity = Pick<ImageRecord, 'image_id' | 'image_name' | 'image_version' | 'image_address'>

/** RFC 4648, in lower case. */
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** Characters of five bits: 130 of the 256 bits. */
const UID_LENGTH = 26

/**
 * The beginning of SHA-256 over name, version and address, in base32. Empty for no image, and for one of which none of the
 * three is known: all of those would be called the same.
 *
 * @example imageUid({ image_id: 'work', image_name: 'Pharo 12', image_version: '12.0', image_address: 'localhost:5555' })
 */
export function imageUid({ image_id, image_name, image_version, image_address }: Identity): string {
  const parts = [image_name, image_version, image_address]
  if (image_id === '' || parts.every((part) => part === '')) return ''
  return base32(createHash('sha256').update(parts.join('\0')).digest()).slice(0, UID_LENGTH)
}

/** As many whole characters as the bytes have bits for. */
function base32(bytes: Iterable<number>): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31]
  }
  return text
}
