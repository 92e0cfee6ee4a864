// Signing keys of the small STUI API, one for each algorithm: made, rotated on demand, and as text that can be kept.

import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose'

export const SIGNING_ALGORITHMS = ['ES256', 'RS256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

export type SigningKey = {
  readonly alg: SigningAlgorithm
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** As the key set publishes it. */
  readonly jwk: JWK
}

/** A key pair as JSON; `secret` is its private half. */
export type KeptKey = {
  readonly alg: SigningAlgorithm
  readonly secret: JWK
  readonly published: JWK
}

export type Rotation = {
  /** Old keys are published no more, as after a leak. Otherwise they go on being published, as in everyday life. */
  readonly withdrawOld?: boolean
}

export type SigningKeys = {
  /** The key that new tokens are signed with. */
  current(alg: SigningAlgorithm): SigningKey
  published(): readonly SigningKey[]
  rotate(rotation?: Rotation): Promise<void>
}

/** Begins with these keys, or with new ones. */
export async function createSigningKeys(first?: readonly SigningKey[]): Promise<SigningKeys> {
  let signing = first ?? (await makeSigningKeys())
  let published = signing
  return {
    current: (alg) => keyFor(signing, alg),
    published: () => published,
    rotate: async ({ withdrawOld = false } = {}) => {
      signing = await makeSigningKeys()
      published = [...signing, ...(withdrawOld ? [] : published)]
    },
  }
}

/** One new key pair for each algorithm. */
export function makeSigningKeys(): Promise<SigningKey[]> {
  return Promise.all(SIGNING_ALGORITHMS.map(makeSigningKey))
}

/** A key pair under a new key id. */
export async function makeSigningKey(alg: SigningAlgorithm): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return signingKey(alg, privateKey, publicKey)
}

export async function keptKey({ alg, privateKey, jwk }: SigningKey): Promise<KeptKey> {
  return { alg, secret: await exportJWK(privateKey), published: jwk }
}

/** The key pair that was kept; undefined if it is none. */
export async function signingKeyOf(kept: KeptKey): Promise<SigningKey | undefined> {
  const { alg, secret, published } = kept
  try {
    const [privateKey, publicKey] = await Promise.all([
      importJWK(secret, alg, { extractable: true }),
      importJWK(published, alg, { extractable: true }),
    ])
    if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array) return undefined
    if (privateKey.type !== 'private' || publicKey.type !== 'public') return undefined
    return await signingKey(alg, privateKey, publicKey)
  } catch {
    // jose throws whatever the text deserves: it is no key.
    return undefined
  }
}

async function signingKey(
  alg: SigningAlgorithm,
  privateKey: CryptoKey,
  publicKey: CryptoKey
): Promise<SigningKey> {
  const bare = await exportJWK(publicKey)
  // RFC 7638: the same key has the same id after a restart.
  const kid = await calculateJwkThumbprint(bare)
  return { alg, kid, privateKey, publicKey, jwk: { ...bare, kid, alg, use: 'sig' } }
}

function keyFor(keys: readonly SigningKey[], alg: SigningAlgorithm): SigningKey {
  const key = keys.find((candidate) => candidate.alg === alg)
  if (key === undefined) throw new Error(`there is no key for ${alg}`)
  return key
}
