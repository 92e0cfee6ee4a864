// Seals texts with AES-256-GCM so that they open at their own place and nowhere else.
// Opening never throws: what cannot be opened is a damaged text to the reader.

import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'

/** A key of 32 bytes; sealed texts carry its id. */
export type EncryptionKey = { readonly id: string; readonly key: Uint8Array }

/** Where a text lives: whose it is, and the name of its row. */
export type Place = {
  readonly team: string
  readonly client_id: string
  readonly name: readonly (string | number)[]
}

export type Cipher = {
  seal(text: string, place: Place): Uint8Array
  /** The text; undefined if it is damaged, of another place, or sealed with a key that is not there. */
  open(sealed: Uint8Array, place: Place): string | undefined
  /** True if the key that the text says it is sealed with is there. */
  hasKeyOf(sealed: Uint8Array): boolean
}

type Parts = {
  readonly id: string
  readonly nonce: Uint8Array
  readonly body: Uint8Array
  readonly tag: Uint8Array
}

const ALGORITHM = 'aes-256-gcm'

/** The first byte of a sealed text; another form would have another. */
const FORM = 1

/** What stands before the key's id: the form, and the length of the id. */
const PREFIX_BYTES = 2
const NONCE_BYTES = 12
const TAG_BYTES = 16
const TAG = { authTagLength: TAG_BYTES } as const

/** A cipher that seals with the newest key, which is the first, and opens with any. */
export function createCipher(parts: {
  readonly keys: readonly EncryptionKey[]
  readonly random: (count: number) => Uint8Array
}): Cipher {
  const { keys, random } = parts
  const newest = keys[0]
  if (newest === undefined) throw new Error('a cipher needs at least one key')
  const keyOf = (found: Parts | undefined) => keys.find(({ id }) => id === found?.id)?.key
  return {
    seal: (text, place) => {
      const { id, key } = newest
      const nonce = random(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, clientKey(key, place), nonce, TAG)
      const body = cipher.setAAD(boundTo(place)).update(text, 'utf8')
      cipher.final()
      const prefix = Buffer.from([FORM, id.length])
      return Buffer.concat([prefix, Buffer.from(id, 'latin1'), nonce, body, cipher.getAuthTag()])
    },
    open: (sealed, place) => {
      const found = partsOf(sealed)
      const key = keyOf(found)
      return found && key && opened(found, clientKey(key, place), place)
    },
    hasKeyOf: (sealed) => keyOf(partsOf(sealed)) !== undefined,
  }
}

/** Every client has a key of its own, so that no key ever meets enough nonces to repeat one. */
function clientKey(key: Uint8Array, { team, client_id }: Place): Uint8Array {
  return createHmac('sha256', key).update(`texts\0${team}\0${client_id}`).digest()
}

/** The additional data: what a sealed text is bound to. */
function boundTo({ team, client_id, name }: Place): Uint8Array {
  return Buffer.from(JSON.stringify([team, client_id, ...name]))
}

function partsOf(sealed: Uint8Array): Parts | undefined {
  const [form, idLength = 0] = sealed
  const nonceAt = PREFIX_BYTES + idLength
  const bodyAt = nonceAt + NONCE_BYTES
  const tagAt = sealed.length - TAG_BYTES
  if (form !== FORM || tagAt < bodyAt) return undefined
  return {
    id: Buffer.from(sealed.subarray(PREFIX_BYTES, nonceAt)).toString('latin1'),
    nonce: sealed.subarray(nonceAt, bodyAt),
    body: sealed.subarray(bodyAt, tagAt),
    tag: sealed.subarray(tagAt),
  }
}

function opened({ nonce, body, tag }: Parts, key: Uint8Array, place: Place): string | undefined {
  const decipher = createDecipheriv(ALGORITHM, key, nonce, TAG)
  const text = decipher.setAAD(boundTo(place)).setAuthTag(tag).update(body)
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return text.toString('utf8')
}
