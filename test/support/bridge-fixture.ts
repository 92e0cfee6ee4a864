// A bridge with everything around it but no ROUTER: a real HTTP server behind it, a clock that stands, an event log.

import { type Bridge, createBridge } from '../../local-bridge/bridge.ts'
import { LIMITS, type Limits } from '../../local-bridge/limits.ts'
import { systemTimer, type Timer } from '../../local-bridge/timer.ts'
import { createUpstream } from '../../local-bridge/upstream.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { type HttpWorker, startHttpWorker } from './http-worker.ts'
import { type Reply, readReply } from './reply.ts'

export type BridgeFixture = AsyncDisposable & {
  readonly bridge: Bridge
  readonly worker: HttpWorker
  readonly log: EventLog
  /** Lets a peer send one message, as text or as an object to be written as JSON. */
  ask(message: unknown, peer?: string): Promise<Reply>
}

export type FixtureOptions = { readonly limits?: Partial<Limits>; readonly timer?: Timer }

export const NOW = '2026-11-21T10:00:00.000Z'

export async function startBridgeFixture(options: FixtureOptions = {}): Promise<BridgeFixture> {
  const worker = await startHttpWorker()
  const upstream = createUpstream({ url: worker.url })
  const log = createEventLog()
  const bridge = createBridge({
    upstream,
    clock: { now: () => Date.parse(NOW) },
    log: log.log,
    limits: { ...LIMITS, ...options.limits },
    timer: options.timer ?? systemTimer,
  })
  return {
    bridge,
    worker,
    log,
    ask: async (message, peer = 'peer-1') => {
      const text = typeof message === 'string' ? message : JSON.stringify(message)
      return readReply(await bridge.answer(Buffer.from(peer), [Buffer.from(text)]))
    },
    [Symbol.asyncDispose]: async () => {
      bridge.abandon()
      await upstream.close()
      await worker.stop()
    },
  }
}
