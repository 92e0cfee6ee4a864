// Sends messages of the bridge's own to the service, and reads what it answers.

import type { Outcome } from '../../src/outcome.ts'
import { batchText, PREVIOUS } from '../../src/protocol/batch.ts'
import type { Acknowledged } from '../../src/protocol/call.ts'
import { type JsonText, toJsonText } from '../../src/protocol/json-text.ts'
import type { NotTaken } from '../batch-replies.ts'
import type { Timer } from '../timer.ts'
import type { Upstream, UpstreamFailure } from '../upstream.ts'
import { readAnswerText, readServiceAnswer, type ServiceAnswer } from './service-answer.ts'

/** Work that was acknowledged here. */
export type Parcel = {
  readonly body: JsonText
  readonly deliveryId: string
  readonly acknowledged: Acknowledged
}

export type Courier = {
  /**
   * Sends the parcels of one session, or the first of them: each is done on what the one before it has left. Gives the
   * answers to those that were carried out; none while the service, or who may ask it, cannot be reached.
   */
  deliver(parcels: readonly Parcel[]): Promise<readonly ServiceAnswer[]>
  /** Asks a command that changes nothing; undefined if there is no answer. */
  ask(
    command: string,
    parameters: Readonly<Record<string, unknown>>
  ): Promise<ServiceAnswer | undefined>
  /** Ends what is on its way, on connections that may be dead: it is sent again. */
  interrupt(): void
}

export type CourierDependencies = {
  readonly upstream: Pick<Upstream, 'send' | 'sendBatch'>
  readonly timer: Timer
  readonly newId: () => string
  /** Hears that a message got no answer. */
  readonly onSilence: () => void
}

/** Work without an answer by then was sent in vain and is sent again: soon for a few bytes, later for many. */
const WORK_PATIENCE_MS = 4000
const BYTES_A_MS = 100

/** A question is small, but its answer may be a whole session. */
const QUESTION_PATIENCE_MS = 8000

/** A service that does not know batches is not sent any for so long. */
const NO_BATCHES_MS = 600_000

export function createCourier({ upstream, timer, newId, onSilence }: CourierDependencies): Courier {
  const running = new Set<AbortController>()
  const interrupted = new WeakSet<AbortController>()
  let batchesFrom = Number.NEGATIVE_INFINITY

  /** Waits for an answer for as long as there is patience; hears of silence. */
  async function patiently<Value>(
    patienceMs: number,
    exchange: (signal: AbortSignal) => Promise<Outcome<Value, UpstreamFailure | NotTaken>>
  ): Promise<Outcome<Value, UpstreamFailure | NotTaken>> {
    const abort = new AbortController()
    running.add(abort)
    const cancel = timer.after(patienceMs, () => abort.abort())
    const answer = await exchange(abort.signal)
    cancel()
    running.delete(abort)
    if (!answer.ok && !interrupted.has(abort) && !HEARD.has(answer.failure.reason)) onSilence()
    return answer
  }

  async function send(body: string, parcel?: Parcel): Promise<ServiceAnswer | undefined> {
    const bytes = Buffer.from(body)
    const patienceMs = parcel === undefined ? QUESTION_PATIENCE_MS : patienceFor(bytes)
    const sent = await patiently(patienceMs, (signal) =>
      upstream.send(bytes, {
        requestId: newId(),
        deliveryId: parcel?.deliveryId,
        isOpen: false,
        signal,
        ...(parcel !== undefined && { acknowledged: parcel.acknowledged }),
      })
    )
    return sent.ok ? readServiceAnswer(sent.value.bytes) : undefined
  }

  /** Undefined if the service does not take them at once. */
  async function sendAll(parcels: readonly Parcel[]): Promise<ServiceAnswer[] | undefined> {
    const batch = Buffer.from(batchText(parcels.map(entryOf)))
    const sent = await patiently(patienceFor(batch), (signal) =>
      upstream.sendBatch(batch, { requestId: newId(), signal })
    )
    if (sent.ok) return readable(sent.value)
    if (sent.failure.reason !== 'not_taken') return []
    if (sent.failure.isUnknown) batchesFrom = timer.ticks() + NO_BATCHES_MS
    return undefined
  }

  return {
    deliver: async (parcels) => {
      const takesBatches = timer.ticks() >= batchesFrom
      const answers = takesBatches && parcels.length > 1 ? await sendAll(parcels) : undefined
      if (answers !== undefined) return answers
      const [first] = parcels
      const answer = first && (await send(first.body, first))
      return answer === undefined ? [] : [answer]
    },
    ask: (command, parameters) => send(toJsonText({ command, parameters })),
    interrupt: () => {
      for (const abort of running) {
        interrupted.add(abort)
        abort.abort()
      }
    },
  }
}

/** Failures that are no silence. */
const HEARD: ReadonlySet<string> = new Set(['not_admitted', 'not_taken'])

function patienceFor({ length }: Uint8Array): number {
  return WORK_PATIENCE_MS + length / BYTES_A_MS
}

function entryOf({ body, deliveryId, acknowledged }: Parcel, index: number) {
  const { base_revision, session_id, target } = acknowledged
  return {
    delivery_id: deliveryId,
    base_revision: index === 0 ? base_revision : PREVIOUS,
    ...(session_id !== undefined && { session_id }),
    ...(target !== undefined && { target }),
    message: body,
  } as const
}

/** The answers up to the first one that nobody can read. */
function readable(replies: readonly JsonText[]): ServiceAnswer[] {
  const answers: ServiceAnswer[] = []
  for (const reply of replies) {
    const answer = readAnswerText(reply)
    if (answer === undefined) break
    answers.push(answer)
  }
  return answers
}
