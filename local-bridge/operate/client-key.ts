// The CURVE keys with which these programs ask a bridge: those of a client, as `stui-bridge keys new-client` makes them.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { type Outcome, refuse, succeed } from '../../src/outcome.ts'
import { parseJson } from '../../src/protocol/json-text.ts'
import { NONE } from '../access-settings.ts'
import type { Setting } from '../command-line.ts'
import { readPrivateFile } from '../private-file.ts'
import { isKeyText } from '../z85.ts'

/** As libzmq calls them. */
export type ClientKeys = {
  readonly curvePublicKey: string
  readonly curveSecretKey: string
  readonly curveServerKey: string
}

/** The client that is meant where only the bridge's folder of keys is named. */
export const OWN_CLIENT = 'status'

export const CLIENT_KEY_SETTING: Setting = {
  key: 'clientKey',
  flag: '--client-key',
  placeholder: 'file',
  env: 'STUI_CLIENT_KEY',
  meaning: `keys of a client that may ask a bridge with CURVE; by default ${OWN_CLIENT}.client.key in the folder of --curve-keys`,
  fallback: NONE,
}

const key = z.string().refine(isKeyText)
const schema = z.object({ public_key: key, secret_key: key, server_key: key })

/** The keys to ask with; undefined where the bridge speaks no CURVE; or one sentence. */
export function clientKeys(
  file: string | undefined,
  folder: string | undefined
): Outcome<ClientKeys | undefined, string> {
  if (file !== undefined) return readClientKeys(file)
  if (folder === undefined) return succeed(undefined)
  const own = join(folder, `${OWN_CLIENT}.client.key`)
  if (existsSync(own)) return readClientKeys(own)
  return refuse(
    `To ask a bridge with CURVE a client's key is needed: stui-bridge keys new-client ${OWN_CLIENT} --curve-keys ${folder} makes one, or name one with --client-key.`
  )
}

function readClientKeys(path: string): Outcome<ClientKeys, string> {
  const file = readPrivateFile(path)
  if (!file.ok) return refuse(`The file of --client-key ${file.failure}.`)
  const { data } = schema.safeParse(parseJson(file.value))
  if (data === undefined) {
    return refuse(
      'The file of --client-key holds no keys of a client; stui-bridge keys new-client makes them.'
    )
  }
  return succeed({
    curvePublicKey: data.public_key,
    curveSecretKey: data.secret_key,
    curveServerKey: data.server_key,
  })
}
