// Tells the log who could not connect and why, never more often than is of use: a client that is refused tries again at once.

import type { Router } from 'zeromq'
import type { BridgeEvent, Log } from './events.ts'
import { createMemory } from './memory.ts'
import type { Timer } from './timer.ts'

/** The same refusal is told again after this time. */
const SAME_MS = 10_000

/** Different refusals within that time; a stranger who invents keys gets no further lines. */
const DIFFERENT = 100

type Refused = Omit<Extract<BridgeEvent, { readonly event: 'handshake_refused' }>, 'event'>

export type HandshakeLog = {
  refused(refusal: Refused): void
  /** Listens to what libzmq tells of failed handshakes. */
  watch(events: Router['events']): void
}

export function createHandshakeLog(log: Log, timer: Timer): HandshakeLog {
  const told = createMemory<true>({ timer, entries: DIFFERENT, ms: SAME_MS })
  let since = timer.ticks()
  let count = 0

  function refused(refusal: Refused) {
    const name = JSON.stringify(refusal)
    if (told.get(name) !== undefined) return
    if (timer.ticks() - since >= SAME_MS) {
      since = timer.ticks()
      count = 0
    }
    count += 1
    if (count > DIFFERENT) return
    told.set(name, true)
    log({ event: 'handshake_refused', ...refusal })
  }

  return {
    refused,
    watch: (events) => {
      // libzmq names our own address here, not the peer's.
      events.on('handshake:error:protocol', ({ error }) =>
        refused({ cause: 'protocol', code: error.code })
      )
      events.on('handshake:error:other', ({ error }) =>
        refused({ cause: 'other', code: error.code })
      )
    },
  }
}
