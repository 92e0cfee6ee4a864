// Signing keys of the small STUI API: made when it starts, one for each algorithm, rotated on demand.

import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose'

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

export type Rotation = {
  /** Old keys are published no more, as after a leak. Otherwise they go on being published, as in everyday life. */
  readonly withdrawOld?: boolean
}

export type SigningKeys = {
  /** The key that new tokens are signed with. */
  current(alg: SigningAlgorithm): SigningKey
  published(): readonly JWK[]
  rotate(rotation?: Rotation): Promise<void>
}

export async function createSigningKeys(): Promise<SigningKeys> {
  let signing = await makeAll()
  let published = [...signing]
  return {
    current: (alg) => keyFor(signing, alg),
    published: () => published.map(({ jwk }) => jwk),
    rotate: async ({ withdrawOld = false } = {}) => {
      signing = await makeAll()
      published = [...signing, ...(withdrawOld ? [] : published)]
    },
  }
}

/** A key pair under a new key id. */
export async function makeSigningKey(alg: SigningAlgorithm): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const kid = crypto.randomUUID()
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  return { alg, kid, privateKey, publicKey, jwk }
}

function makeAll(): Promise<SigningKey[]> {
  return Promise.all(SIGNING_ALGORITHMS.map(makeSigningKey))
}

function keyFor(keys: readonly SigningKey[], alg: SigningAlgorithm): SigningKey {
  const key = keys.find((candidate) => candidate.alg === alg)
  if (key === undefined) throw new Error(`there is no key for ${alg}`)
  return key
}
