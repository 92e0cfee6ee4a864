// The ROUTER that TUIs connect to. Receives messages and sends replies; decides nothing.

import { Context, Router } from 'zeromq'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import { closeWatched } from './close-watched.ts'
import { countConnections } from './connections.ts'
import type { CurveServer } from './curve-server.ts'
import { type Incoming, splitFrames } from './envelope.ts'
import type { Log } from './events.ts'
import { freedPort } from './freed-port.ts'
import { MAX_FRAME_BYTES } from './limits.ts'
import type { ListenAddress } from './listen-address.ts'
import { createReplyQueue, type Reply } from './reply-queue.ts'
import { systemTimer } from './timer.ts'
import { ZAP_DOMAIN } from './zap-handler.ts'

export type RouterSocket = {
  /** The address with its real port. */
  readonly endpoint: string
  /** Ends when the socket is closed. */
  messages(): AsyncGenerator<Incoming, void>
  /** Calls back if nobody took the reply. */
  reply(envelope: readonly Buffer[], reply: Reply, onDropped?: () => void): void
  /** How many connections stand. */
  connections(): number
  /** Sends what is queued, then closes; the port is free afterwards. */
  close(): Promise<void>
}

/** Messages of one peer that libzmq keeps for us; more wait on the peer's side. */
const RECEIVE_HIGH_WATER_MARK = 64

/** Replies that libzmq keeps for a peer that does not read; further ones are dropped. */
const SEND_HIGH_WATER_MARK = 512

/** Binds the socket; the failure says in one sentence why it could not. */
export async function openRouter(
  { endpoint, ipv6 }: ListenAddress,
  log: Log,
  curve?: CurveServer
): Promise<Outcome<RouterSocket, string>> {
  const socket = createSocket(ipv6, curve)
  const connections = countConnections(socket.events)
  curve?.watch(socket.events)
  try {
    await socket.bind(endpoint)
  } catch (error) {
    closeWatched(socket)
    return { ok: false, failure: whyNotBound(endpoint, error) }
  }
  const queue = createReplyQueue({ send: (frames) => socket.send(frames), log })
  const bound = socket.lastEndpoint ?? endpoint
  return succeed({
    endpoint: bound,
    messages: () => messagesOf(socket),
    reply: queue.push,
    connections,
    close: async () => {
      await queue.drained()
      closeWatched(socket)
      await freedPort(bound, systemTimer)
    },
  })
}

function createSocket(ipv6: boolean, curve: CurveServer | undefined): Router {
  return new Router({
    // A process that ends does not wait for ever for peers that do not read.
    context: new Context({ blocky: false }),
    ipv6,
    // A peer that does not read costs its own replies and nobody else's time.
    sendTimeout: 0,
    mandatory: true,
    sendHighWaterMark: SEND_HIGH_WATER_MARK,
    receiveHighWaterMark: RECEIVE_HIGH_WATER_MARK,
    maxMessageSize: MAX_FRAME_BYTES,
    linger: 300,
    // A TUI that connects again under its old identity takes over from its dead connection.
    handover: true,
    heartbeatInterval: 1000,
    heartbeatTimeout: 3000,
    handshakeInterval: 2000,
    // With a ZAP domain libzmq refuses peers that speak ZMTP/1.0 or 2.0. A web page could otherwise have a browser
    // POST to this port: such a request parses as ZMTP/1.0, which has no handshake, and its body as a command.
    zapDomain: ZAP_DOMAIN,
    ...curve?.options,
  })
}

async function* messagesOf(socket: Router): AsyncGenerator<Incoming, void> {
  for await (const frames of socket) yield splitFrames(frames)
}

function whyNotBound(endpoint: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
  switch (code) {
    case 'EADDRINUSE':
      return `Cannot listen on ${endpoint}: the port is in use; stop the other program or choose another port with --listen.`
    case 'EACCES':
      return `Cannot listen on ${endpoint}: this user may not use that port; choose another one with --listen.`
    default:
      return `Cannot listen on ${endpoint}: ${code}.`
  }
}
