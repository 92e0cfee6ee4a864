// The XPUB that subscribers connect to: sends [topic, JSON] and tells who subscribes to what. A subscriber that does not
// read loses its own messages and holds up nobody; what it lost it asks for with get_events.

import { Context, XPublisher } from 'zeromq'
import type { Outcome } from '../../src/outcome.ts'
import { succeed } from '../../src/outcome.ts'
import { closeWatched } from '../close-watched.ts'
import { countConnections } from '../connections.ts'
import type { CurveServer } from '../curve-server.ts'
import { freedPort } from '../freed-port.ts'
import type { ListenAddress } from '../listen-address.ts'
import { systemTimer } from '../timer.ts'
import { ZAP_DOMAIN } from '../zap-handler.ts'

export type Publisher = {
  /** The address with its real port. */
  readonly endpoint: string
  publish(topic: string, text: string): void
  /** How many connections of subscribers stand. */
  subscribers(): number
  /** The port is free afterwards. */
  close(): Promise<void>
}

export type PublisherParts = {
  readonly address: ListenAddress
  readonly curve: CurveServer | undefined
  readonly onSubscribed: (subscription: string) => void
  readonly onUnsubscribed: (subscription: string) => void
}

/** Messages that libzmq keeps for a subscriber that does not read; further ones are lost to it. */
const SEND_HIGH_WATER_MARK = 1000

/** A subscription is a topic's beginning; with CURVE the handshake has to fit as well. */
const MAX_SUBSCRIPTION_BYTES = 1024

const SUBSCRIBED = 1
const UNSUBSCRIBED = 0

export type NotBound = { readonly code: string }

/** Binds the socket; the failure is the system's code. */
export async function openPublisher(parts: PublisherParts): Promise<Outcome<Publisher, NotBound>> {
  const { endpoint, ipv6 } = parts.address
  const socket = createSocket(ipv6, parts.curve)
  const subscribers = countConnections(socket.events)
  parts.curve?.watch(socket.events)
  try {
    await socket.bind(endpoint)
  } catch (error) {
    closeWatched(socket)
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
    return { ok: false, failure: { code } }
  }
  const bound = socket.lastEndpoint ?? endpoint
  const listening = listen(socket, parts)
  return succeed({
    endpoint: bound,
    subscribers,
    publish: (topic, text) => {
      // Never waits: a subscriber without room is passed over. It fails only on a socket that is closed.
      if (!socket.closed) void socket.send([topic, text]).catch(() => {})
    },
    close: async () => {
      closeWatched(socket)
      await listening
      await freedPort(bound, systemTimer)
    },
  })
}

function createSocket(ipv6: boolean, curve: CurveServer | undefined): XPublisher {
  return new XPublisher({
    context: new Context({ blocky: false }),
    ipv6,
    sendTimeout: 0,
    sendHighWaterMark: SEND_HIGH_WATER_MARK,
    maxMessageSize: MAX_SUBSCRIPTION_BYTES,
    linger: 0,
    // Each subscriber is told where the stream is; that the last one went is told once.
    verbosity: 'allSubs',
    heartbeatInterval: 1000,
    heartbeatTimeout: 3000,
    handshakeInterval: 2000,
    // As at the ROUTER: peers without a handshake, such as a browser's POST, are refused.
    zapDomain: ZAP_DOMAIN,
    ...curve?.options,
  })
}

async function listen(socket: XPublisher, parts: PublisherParts): Promise<void> {
  for await (const [frame] of socket) {
    const subscription = String(frame?.subarray(1) ?? '')
    if (frame?.[0] === SUBSCRIBED) parts.onSubscribed(subscription)
    if (frame?.[0] === UNSUBSCRIBED) parts.onUnsubscribed(subscription)
  }
}
