// Signing keys that are kept in a file of their owner's alone, so that tokens are good after a restart.

import { existsSync } from 'node:fs'
import * as z from 'zod'
import { type Outcome, refuse, succeed } from '../../../src/outcome.ts'
import { parseJson } from '../../../src/protocol/json-text.ts'
import { readPrivateFile } from '../../private-file.ts'
import { replacePrivateFile } from '../replace-file.ts'
import {
  createSigningKeys,
  keptKey,
  makeSigningKeys,
  SIGNING_ALGORITHMS,
  type SigningKey,
  type SigningKeys,
  signingKeyOf,
} from './keys.ts'

const jwk = z.looseObject({ kty: z.string() })

const keptSchema = z.array(
  z.object({ alg: z.enum(SIGNING_ALGORITHMS), secret: jwk, published: jwk })
)

/** The keys of the file, which is made if there is none; or one sentence that says why they are not used. */
export async function openKeptKeys(file: string): Promise<Outcome<SigningKeys, string>> {
  if (!existsSync(file)) {
    const made = await makeSigningKeys()
    replacePrivateFile(file, `${JSON.stringify(await Promise.all(made.map(keptKey)))}\n`)
    return succeed(await createSigningKeys(made))
  }
  const text = readPrivateFile(file)
  if (!text.ok) return refuse(`${file} ${text.failure}.`)
  const keys = await keysOf(text.value)
  if (keys !== undefined) return succeed(await createSigningKeys(keys))
  return refuse(
    `${file} is damaged: remove it to get new signing keys, after which tokens that were issued before are good no more.`
  )
}

/** A key for each algorithm, or undefined. */
async function keysOf(text: string): Promise<readonly SigningKey[] | undefined> {
  const { data = [] } = keptSchema.safeParse(parseJson(text))
  const keys = await Promise.all(data.map(signingKeyOf))
  const found = keys.filter((key) => key !== undefined)
  return SIGNING_ALGORITHMS.every((alg) => found.some((key) => key.alg === alg)) ? found : undefined
}
