// Public and secret keys of CURVE as text: Z85 (ZeroMQ RFC 32), 40 characters for 32 bytes.

const ALPHABET =
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

export const KEY_BYTES = 32

const KEY = /^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/

/** True for the text of a key. */
export function isKeyText(text: string): boolean {
  return KEY.test(text)
}

/** The text of bytes whose number is a multiple of four. */
export function toZ85(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.readUInt32BE(at)
    for (const place of PLACES) text += ALPHABET[Math.floor(word / place) % ALPHABET.length]
  }
  return text
}

const PLACES = [85 ** 4, 85 ** 3, 85 ** 2, 85, 1]
