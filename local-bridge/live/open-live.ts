// Puts live events together: the socket that subscribers connect to, and the streams that they ask for.

import { systemClock } from '../../src/clock.ts'
import type { Outcome } from '../../src/outcome.ts'
import { succeed } from '../../src/outcome.ts'
import type { CurveServer } from '../curve-server.ts'
import type { BridgeEvent, Log } from '../events.ts'
import type { Identity } from '../identity.ts'
import { readListenAddress } from '../listen-address.ts'
import { systemChance, systemTimer } from '../timer.ts'
import { type Announcement, announcementOf, announcementText } from './bridge-events.ts'
import { openPublisher, type Publisher, type PublisherParts } from './publisher.ts'
import { createStreams } from './streams.ts'
import { bridgeTopic, topicOf } from './topics.ts'
import { createUpstreamEvents } from './upstream-events.ts'

export type LiveOptions = {
  /** Where subscribers connect, such as tcp://127.0.0.1:5556; port `*` takes a free one. */
  readonly endpoint: string
  /** True if a free port will do where this one is in use. */
  readonly orAnother?: boolean
}

export type Live = {
  /** The address with its real port. */
  readonly endpoint: string
  /** Tells subscribers of `bridge/` something about the bridge. */
  announce(announcement: Announcement): void
  /** Announces what the log is told, as far as it is for subscribers. */
  heard(event: BridgeEvent): void
  /** How many connections of subscribers stand. */
  subscribers(): number
  close(): Promise<void>
}

export type LiveDependencies = {
  /** The session service. */
  readonly url: string
  readonly identity: Pick<Identity, 'admit' | 'reconsider'> | undefined
  readonly curve: CurveServer | undefined
  readonly log: Log
}

/** The failure says in one sentence why nothing can be published there. */
export async function openLive(
  options: LiveOptions,
  { url, identity, curve, log }: LiveDependencies
): Promise<Outcome<Live, string>> {
  const parts = { clock: systemClock, timer: systemTimer, chance: systemChance, log }
  const streams = createStreams({
    ...parts,
    open: (client_id) =>
      createUpstreamEvents({
        ...{ ...parts, url, identity, client_id },
        onTold: (type, text) => socket.publish(topicOf(client_id, type), text),
      }),
  })
  const bound = await bind(options, {
    curve,
    onSubscribed: streams.subscribed,
    onUnsubscribed: streams.unsubscribed,
  })
  if (!bound.ok) return bound
  const socket = bound.value
  const startedAt = systemClock.now()
  let sequence = 0

  function announce(announcement: Announcement): void {
    sequence += 1
    const when = { sequence, startedAt, now: systemClock.now() }
    socket.publish(bridgeTopic(announcement.type), announcementText(announcement, when))
  }

  const isAnother = options.orAnother === true && !isAt(options.endpoint, socket.endpoint)
  log({
    event: 'events_listening',
    endpoint: socket.endpoint,
    ...(isAnother && { instead_of: options.endpoint }),
  })
  return succeed({
    endpoint: socket.endpoint,
    announce,
    heard: (event) => {
      const announcement = announcementOf(event)
      if (announcement !== undefined) announce(announcement)
    },
    subscribers: socket.subscribers,
    close: async () => {
      streams.stop()
      await socket.close()
    },
  })
}

async function bind(
  { endpoint, orAnother = false }: LiveOptions,
  parts: Omit<PublisherParts, 'address'>
): Promise<Outcome<Publisher, string>> {
  const address = readListenAddress(endpoint, { encrypted: parts.curve !== undefined })
  if (!address.ok) {
    return { ok: false, failure: `The address of live events ${address.failure}.` }
  }
  const bound = await openPublisher({ ...parts, address: address.value })
  if (bound.ok) return bound
  const { code } = bound.failure
  if (code === 'EADDRINUSE' && orAnother) {
    return bind({ endpoint: endpoint.replace(/:[^:]*$/, ':*') }, parts)
  }
  return { ok: false, failure: whyNotBound(address.value.endpoint, code) }
}

/** A wildcard is at every port. */
function isAt(wanted: string, endpoint: string): boolean {
  return wanted.endsWith('*') || portOf(wanted) === portOf(endpoint)
}

function portOf(endpoint: string): string | undefined {
  return endpoint.split(':').at(-1)
}

function whyNotBound(endpoint: string, code: string): string {
  const cannot = `Cannot publish live events on ${endpoint}`
  switch (code) {
    case 'EADDRINUSE':
      return `${cannot}: the port is in use; choose another port with --events, or publish none with --no-events.`
    case 'EACCES':
      return `${cannot}: this user may not use that port; choose another one with --events.`
    default:
      return `${cannot}: ${code}; choose another address with --events.`
  }
}
