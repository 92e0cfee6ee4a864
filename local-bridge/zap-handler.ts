// Answers libzmq's question whether a client may connect (ZeroMQ RFC 27, ZAP). Whatever goes wrong, the answer is no: with
// zapEnforceDomain libzmq lets nobody in who was not said yes to.

import { type Context, Router } from 'zeromq'
import { KEY_BYTES, toZ85 } from './z85.ts'

/** The address that libzmq asks at, within one context. */
const ENDPOINT = 'inproc://zeromq.zap.01'

/** The domain of the bridge's socket. */
export const ZAP_DOMAIN = 'stui'

const VERSION = '1.0'

export type Refusal =
  | { readonly cause: 'key_not_allowed'; readonly peer: string; readonly public_key: string }
  | { readonly cause: 'bad_request'; readonly peer: string }

export type ZapOptions = {
  readonly context: Context
  /** The name of the client that has this public key; undefined for a key that is not allowed. */
  readonly nameOf: (publicKey: string) => string | undefined
  readonly onRefusal: (refusal: Refusal) => void
  /** The handler ended by itself: from now on nobody can connect. */
  readonly onFailure: (detail: string) => void
}

export type ZapHandler = { close(): void }

type Verdict = { readonly allowed: boolean; readonly userId: string }

const NO: Verdict = { allowed: false, userId: '' }

/** Binds the handler; do so before the socket that it guards is bound. */
export async function openZapHandler({ context, ...rest }: ZapOptions): Promise<ZapHandler> {
  const socket = new Router({ context, linger: 0 })
  await socket.bind(ENDPOINT)
  void serve(socket, rest).catch((error: unknown) => {
    socket.close()
    rest.onFailure(error instanceof Error ? error.message : 'a value was thrown')
  })
  return { close: () => socket.close() }
}

async function serve(socket: Router, rest: Omit<ZapOptions, 'context'>): Promise<void> {
  for await (const frames of socket) {
    const delimiter = frames.findIndex((frame) => frame.length === 0)
    const envelope = frames.slice(0, delimiter + 1)
    const request = frames.slice(delimiter + 1)
    const { allowed, userId } = decide(request, rest)
    const status = allowed ? ['200', 'OK'] : ['400', 'not allowed']
    await socket.send([...envelope, VERSION, request[1] ?? '', ...status, userId, ''])
  }
}

/** RFC 27: version, request id, domain, address, identity, mechanism, credentials. */
function decide(request: readonly Buffer[], { nameOf, onRefusal }: Omit<ZapOptions, 'context'>) {
  const [version, , domain, address, , mechanism, key, ...more] = request
  const peer = String(address ?? '')
  const isKnown = [version, domain, mechanism].join(' ') === `${VERSION} ${ZAP_DOMAIN} CURVE`
  if (!isKnown || key?.length !== KEY_BYTES || more.length > 0) {
    onRefusal({ cause: 'bad_request', peer })
    return NO
  }
  const publicKey = toZ85(key)
  const name = nameOf(publicKey)
  if (name !== undefined) return { allowed: true, userId: name }
  onRefusal({ cause: 'key_not_allowed', peer, public_key: publicKey })
  return NO
}
