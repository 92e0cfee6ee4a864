// Which clients are watched: those that somebody subscribes to, and for a moment after nobody does any more, because a TUI
// that connects again takes its subscriptions with it.

import type { Log } from '../events.ts'
import type { Timer } from '../timer.ts'
import { clientOf } from './topics.ts'
import type { UpstreamEvents } from './upstream-events.ts'

export type Streams = {
  /** Somebody subscribed; said for each subscriber. */
  subscribed(subscription: string): void
  /** The last subscriber of this subscription is gone. */
  unsubscribed(subscription: string): void
  stop(): void
}

export type StreamsDependencies = {
  /** Opens the events of a client. */
  readonly open: (client_id: string) => UpstreamEvents
  readonly timer: Timer
  readonly log: Log
  readonly most?: number
}

/** Clients that are watched at once. */
export const MOST_STREAMS = 64

/** Different subscriptions for one client; there are fewer types of events. */
const MOST_SUBSCRIPTIONS = 64

export const GRACE_MS = 5000

type Watched = {
  readonly subscriptions: Set<string>
  stream: UpstreamEvents
  cancelEnd(): void
}

export function createStreams({
  open,
  timer,
  log,
  most = MOST_STREAMS,
}: StreamsDependencies): Streams {
  const watched = new Map<string, Watched>()

  function end(client_id: string): void {
    const found = watched.get(client_id)
    found?.cancelEnd()
    found?.stream.stop()
    watched.delete(client_id)
  }

  /** Ends a stream that is only there by grace; false if there is none. */
  function madeRoom(): boolean {
    const idle = [...watched].find(([, { subscriptions }]) => subscriptions.size === 0)
    if (idle !== undefined) end(idle[0])
    return idle !== undefined
  }

  function begin(client_id: string): Watched | undefined {
    if (watched.size >= most && !madeRoom()) {
      log({ event: 'streams_full', limit: most })
      return undefined
    }
    const begun = { subscriptions: new Set<string>(), stream: open(client_id), cancelEnd: () => {} }
    watched.set(client_id, begun)
    return begun
  }

  return {
    subscribed: (subscription) => {
      const client_id = clientOf(subscription)
      if (client_id === undefined) return
      const known = watched.get(client_id)
      const found = known ?? begin(client_id)
      if (found === undefined || found.subscriptions.size >= MOST_SUBSCRIPTIONS) return
      found.cancelEnd()
      found.subscriptions.add(subscription)
      if (found.stream.hasStopped()) found.stream = open(client_id)
      else found.stream.greet()
    },
    unsubscribed: (subscription) => {
      const client_id = clientOf(subscription)
      const found = client_id === undefined ? undefined : watched.get(client_id)
      if (client_id === undefined || found?.subscriptions.delete(subscription) !== true) return
      if (found.subscriptions.size > 0) return
      found.cancelEnd()
      found.cancelEnd = timer.after(GRACE_MS, () => end(client_id))
    },
    stop: () => {
      for (const client_id of [...watched.keys()]) end(client_id)
    },
  }
}
