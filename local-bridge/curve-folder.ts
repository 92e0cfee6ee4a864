// The folder of a bridge's CURVE keys: its own key pair, the list of clients that may connect, and key pairs made for them.
// Every file is private, none is ever written over.

import { join } from 'node:path'
import { curveKeyPair } from 'zeromq'
import * as z from 'zod'
import { type Outcome, refuse, succeed } from '../src/outcome.ts'
import { parseJson } from '../src/protocol/json-text.ts'
import { type AllowedClient, HEAD, lineOf, readAllowList } from './allow-list.ts'
import {
  appendPrivateFile,
  createPrivateFile,
  makePrivateFolder,
  readPrivateFile,
} from './private-file.ts'
import { isKeyText } from './z85.ts'

export const SERVER_FILE = 'server.key'
export const ALLOW_LIST_FILE = 'allowed-clients'

const key = z.string().refine(isKeyText)
const serverSchema = z.object({ public_key: key, secret_key: key })

/** As libzmq calls them; Z85 text. */
export type KeyPair = { readonly publicKey: string; readonly secretKey: string }

/** The key pair of the bridge, or one sentence. */
export function readServerKeys(folder: string): Outcome<KeyPair, string> {
  const path = join(folder, SERVER_FILE)
  const file = readPrivateFile(path)
  if (!file.ok) return refuse(`${path} ${file.failure}; stui-bridge keys init makes one.`)
  const { data } = serverSchema.safeParse(parseJson(file.value))
  if (data === undefined) return refuse(`${path} is damaged: put the right file back.`)
  return succeed({ publicKey: data.public_key, secretKey: data.secret_key })
}

/** The clients that may connect, or one sentence. */
export function readAllowed(folder: string): Outcome<readonly AllowedClient[], string> {
  const path = join(folder, ALLOW_LIST_FILE)
  const file = readPrivateFile(path)
  const clients = file.ok ? readAllowList(file.value) : file
  return clients.ok ? clients : refuse(`${path} ${clients.failure}.`)
}

/** Makes the folder, the key pair of the bridge and an empty allow list; gives the public key. */
export function initKeys(folder: string): Outcome<string, string> {
  const made = makePrivateFolder(folder)
  if (!made.ok) return refuse(`${folder} ${made.failure}.`)
  const { publicKey, secretKey } = curveKeyPair()
  const path = join(folder, SERVER_FILE)
  const server = createPrivateFile(path, json({ public_key: publicKey, secret_key: secretKey }))
  if (!server.ok) return refuse(`${path} ${server.failure}; nothing was changed.`)
  const list = join(folder, ALLOW_LIST_FILE)
  const allowed = createPrivateFile(list, HEAD)
  return allowed.ok ? succeed(publicKey) : refuse(`${list} ${allowed.failure}; it stays as it is.`)
}

/** Lets a client in whose key pair was made elsewhere. */
export function addClient(folder: string, client: AllowedClient): Outcome<undefined, string> {
  const free = isFree(folder, client)
  if (!free.ok) return free
  const path = join(folder, ALLOW_LIST_FILE)
  const added = appendPrivateFile(path, `\n${lineOf(client)}`)
  return added.ok ? added : refuse(`${path} ${added.failure}.`)
}

function isFree(folder: string, client: AllowedClient): Outcome<undefined, string> {
  const allowed = readAllowed(folder)
  if (!allowed.ok) return allowed
  const path = join(folder, ALLOW_LIST_FILE)
  for (const { name, publicKey } of allowed.value) {
    if (publicKey === client.publicKey) return refuse(`${path} has this key already, as ${name}.`)
    if (name === client.name) return refuse(`${path} has a client ${name} already.`)
  }
  return succeed(undefined)
}

/** Makes a key pair for a client and lets it in; gives the file that goes to the client's machine. */
export function newClient(folder: string, name: string): Outcome<string, string> {
  const server = readServerKeys(folder)
  if (!server.ok) return server
  const path = join(folder, `${name}.client.key`)
  const { publicKey, secretKey } = curveKeyPair()
  const free = isFree(folder, { publicKey, name })
  if (!free.ok) return free
  const pair = { public_key: publicKey, secret_key: secretKey, server_key: server.value.publicKey }
  const made = createPrivateFile(path, json(pair))
  if (!made.ok) return refuse(`${path} ${made.failure}; nothing was changed.`)
  const added = addClient(folder, { publicKey, name })
  return added.ok ? succeed(path) : added
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
