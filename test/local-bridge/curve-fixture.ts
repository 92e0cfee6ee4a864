// A folder of CURVE keys, and clients of every kind that try to connect.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { curveKeyPair, Request } from 'zeromq'
import * as z from 'zod'
import { initKeys, newClient } from '../../local-bridge/curve-folder.ts'
import { readReply } from '../support/reply.ts'

export type ClientKeys = {
  readonly curvePublicKey: string
  readonly curveSecretKey: string
  readonly curveServerKey: string
}

export type CurveFolder = Disposable & {
  readonly path: string
  readonly serverKey: string
  /** Makes a client that may connect. */
  allow(name: string): ClientKeys
  /** Makes a client of which the bridge knows nothing. */
  stranger(): ClientKeys
}

const clientFile = z.object({
  public_key: z.string(),
  secret_key: z.string(),
  server_key: z.string(),
})

export function curveFolder(): CurveFolder {
  const path = join(mkdtempSync(join(tmpdir(), 'bridge-curve-')), 'keys')
  const made = initKeys(path)
  if (!made.ok) throw new Error(made.failure)
  const serverKey = made.value
  return {
    path,
    serverKey,
    allow: (name) => {
      const file = newClient(path, name)
      if (!file.ok) throw new Error(file.failure)
      const keys = clientFile.parse(JSON.parse(readFileSync(file.value, 'utf8')))
      return {
        curvePublicKey: keys.public_key,
        curveSecretKey: keys.secret_key,
        curveServerKey: keys.server_key,
      }
    },
    stranger: () => {
      const { publicKey, secretKey } = curveKeyPair()
      return { curvePublicKey: publicKey, curveSecretKey: secretKey, curveServerKey: serverKey }
    },
    [Symbol.dispose]: () => rmSync(join(path, '..'), { recursive: true }),
  }
}

export type Attempt = Disposable & {
  /** Resolves when the bridge has ended the connection. */
  readonly disconnected: Promise<void>
  /** The reply, which may never come. */
  readonly reply: Promise<ReturnType<typeof readReply> | 'no reply'>
}

/** Connects and sends one message; `keys` absent is a plain client. */
export function attempt(endpoint: string, keys: Partial<ClientKeys> = {}): Attempt {
  // One attempt to connect, so that a refusal is final.
  const socket = new Request({ linger: 0, reconnectInterval: -1, ...keys })
  const disconnected = new Promise<void>((resolve) => {
    socket.events.on('disconnect', () => resolve())
  })
  socket.connect(endpoint)
  const reply = socket
    .send(JSON.stringify({ id: 1, command: 'create_session', client_id: 'c' }))
    .then(() => socket.receive())
    .then(([frame]) => readReply(frame ?? ''))
    .catch(() => 'no reply' as const)
  return { disconnected, reply, [Symbol.dispose]: () => socket.close() }
}
