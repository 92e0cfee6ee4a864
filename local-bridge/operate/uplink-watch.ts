// Notes what each exchange with the session service says of the way to it. Changes nothing on the way.

import type { Clock } from '../../src/clock.ts'
import type { Timer } from '../timer.ts'
import type { Upstream } from '../upstream.ts'

export type Uplink = {
  readonly state: 'up' | 'down' | 'unknown'
  /** Since when, in epoch milliseconds. */
  readonly since: number
  /** Why it is down. */
  readonly detail?: string
  /** The fastest of the last answers; absent until there was one. */
  readonly latencyMs?: number
  /** When the service answered last; absent if it never did. */
  readonly answeredAt?: number
}

export type UplinkWatch = {
  /** Passes everything on to the upstream that is watched. */
  readonly upstream: Upstream
  told(): Uplink
  /** Asks the service, unless it answered a moment ago. */
  look(): Promise<void>
}

/** Among so many answers there is one that was not held up by its own work. */
const ANSWERS = 8

/** An answer that is younger needs no question. */
const FRESH_MS = 1000

/** A question without an answer for so long was in vain. */
const LOOK_MS = 1000

const NO_ANSWER = 'no answer from the session service'

export type WatchDependencies = { readonly clock: Clock; readonly timer: Timer }

/** @example const { upstream, told } = watchUplink(createUpstream({ url }), { clock, timer }) */
export function watchUplink(watched: Upstream, { clock, timer }: WatchDependencies): UplinkWatch {
  let uplink: Uplink = { state: 'unknown', since: clock.now() }
  let latencies: number[] = []
  let heardAt = Number.NEGATIVE_INFINITY

  function is(state: 'up' | 'down', detail?: string): void {
    const since = state === uplink.state ? uplink.since : clock.now()
    const { detail: _, ...known } = uplink
    uplink = { ...known, state, since, ...(detail !== undefined && { detail }) }
  }

  function answered(ms: number): void {
    latencies = [...latencies, ms].slice(-ANSWERS)
    heard()
    uplink = { ...uplink, latencyMs: Math.round(Math.min(...latencies) * 100) / 100 }
  }

  function heard(): void {
    is('up')
    heardAt = timer.ticks()
    uplink = { ...uplink, answeredAt: clock.now() }
  }

  const upstream: Upstream = {
    ...watched,
    send: async (body, options) => {
      const began = timer.ticks()
      const answer = await watched.send(body, options)
      if (answer.ok) answered(timer.ticks() - began)
      else if ('detail' in answer.failure) is('down', answer.failure.detail)
      return answer
    },
    // How long it takes says more of the batch than of the way.
    sendBatch: async (batch, options) => {
      const answer = await watched.sendBatch(batch, options)
      if (answer.ok) heard()
      else if ('detail' in answer.failure) is('down', answer.failure.detail)
      return answer
    },
    probe: async (signal) => {
      const began = timer.ticks()
      const found = await watched.probe(signal)
      if (found) answered(timer.ticks() - began)
      else is('down', uplink.detail ?? NO_ANSWER)
      return found
    },
  }

  async function look(): Promise<void> {
    const isFresh = timer.ticks() - heardAt < FRESH_MS
    if (uplink.state === 'up' && isFresh) return
    const abort = new AbortController()
    const cancel = timer.after(LOOK_MS, () => abort.abort())
    await upstream.probe(abort.signal)
    cancel()
  }

  return { upstream, told: () => uplink, look }
}
