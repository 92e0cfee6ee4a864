// Sends a message of the bridge's own to the service, and reads what it answers.

import type { Acknowledged } from '../../src/protocol/call.ts'
import { toJsonText } from '../../src/protocol/json-text.ts'
import type { Timer } from '../timer.ts'
import type { Upstream } from '../upstream.ts'
import { readServiceAnswer, type ServiceAnswer } from './service-answer.ts'

export type Parcel = {
  readonly body: string
  readonly deliveryId?: string
  readonly acknowledged?: Acknowledged
}

export type Courier = {
  /** The answer; undefined while the service, or who may ask it, cannot be reached. */
  send(parcel: Parcel): Promise<ServiceAnswer | undefined>
  /** Asks a command that changes nothing. */
  ask(
    command: string,
    parameters: Readonly<Record<string, unknown>>
  ): Promise<ServiceAnswer | undefined>
  /** Ends what is on its way, on connections that may be dead: it is sent again. */
  interrupt(): void
}

export type CourierDependencies = {
  readonly upstream: Pick<Upstream, 'send'>
  readonly timer: Timer
  readonly newId: () => string
  /** Hears that a message got no answer. */
  readonly onSilence: () => void
}

/** A message without an answer by then was sent in vain, and is sent again later. */
const PATIENCE_MS = 10_000

export function createCourier({ upstream, timer, newId, onSilence }: CourierDependencies): Courier {
  const running = new Set<AbortController>()
  const interrupted = new WeakSet<AbortController>()

  async function send({ body, deliveryId, acknowledged }: Parcel) {
    const abort = new AbortController()
    running.add(abort)
    const cancel = timer.after(PATIENCE_MS, () => abort.abort())
    const sent = await upstream.send(Buffer.from(body), {
      requestId: newId(),
      deliveryId,
      isOpen: false,
      signal: abort.signal,
      ...(acknowledged !== undefined && { acknowledged }),
    })
    cancel()
    running.delete(abort)
    if (sent.ok) return readServiceAnswer(sent.value.bytes)
    const isOwnDoing = interrupted.has(abort) || sent.failure.reason === 'not_admitted'
    if (!isOwnDoing) onSilence()
    return undefined
  }

  return {
    send,
    ask: (command, parameters) => send({ body: toJsonText({ command, parameters }) }),
    interrupt: () => {
      for (const abort of running) {
        interrupted.add(abort)
        abort.abort()
      }
    },
  }
}
