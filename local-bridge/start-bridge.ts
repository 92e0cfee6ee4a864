// Puts the parts of the bridge together and runs it: from here it can be embedded in another program.

import { systemClock } from '../src/clock.ts'
import { type Bridge, createBridge } from './bridge.ts'
import type { Incoming } from './envelope.ts'
import type { Log } from './events.ts'
import { LIMITS, type Limits } from './limits.ts'
import { readListenAddress } from './listen-address.ts'
import { openRouter, type RouterSocket } from './router-socket.ts'
import { systemTimer, within } from './timer.ts'
import { createUpstream } from './upstream.ts'

export type BridgeOptions = {
  /** A loopback address such as tcp://127.0.0.1:5555; port `*` takes a free one. */
  readonly listen: string
  /** The session service, such as http://127.0.0.1:8787. */
  readonly upstream: string
  readonly log: Log
  readonly limits?: Limits
}

export type RunningBridge = {
  /** Where clients connect, with the real port. */
  readonly endpoint: string
  /** Answers what runs, refuses what still comes, and frees sockets and connections. */
  stop(): Promise<void>
}

/** Why a bridge could not start, as one sentence for the person who started it. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/**
 * Starts a bridge; throws `StartError` if it cannot listen.
 * @example const bridge = await startBridge({ listen: 'tcp://127.0.0.1:*', upstream: 'http://127.0.0.1:8787', log })
 */
export async function startBridge({
  listen,
  upstream: url,
  log,
  limits = LIMITS,
}: BridgeOptions): Promise<RunningBridge> {
  const address = readListenAddress(listen)
  if (!address.ok) throw new StartError(`The listen address ${address.failure}.`)
  const opened = await openRouter(address.value, log)
  if (!opened.ok) throw new StartError(opened.failure)
  const router = opened.value
  const upstream = createUpstream({ url })
  const bridge = createBridge({ upstream, clock: systemClock, log, limits })
  const running = new Set<Promise<void>>()
  const serving = serve({ router, bridge, running })
  log({ event: 'listening', endpoint: router.endpoint, upstream: url })

  async function stop() {
    log({ event: 'stopping', running: running.size })
    bridge.refuseNew()
    await within(systemTimer, limits.graceMs, Promise.all(running))
    const unanswered = running.size
    bridge.abandon()
    await router.close()
    await Promise.all([serving, upstream.close()])
    log({ event: 'stopped', unanswered })
  }

  let stopped: Promise<void> | undefined
  return {
    endpoint: router.endpoint,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

type Serving = {
  readonly router: RouterSocket
  readonly bridge: Bridge
  /** The messages that are being answered. */
  readonly running: Set<Promise<void>>
}

async function serve({ router, bridge, running }: Serving): Promise<void> {
  async function handle({ peer, envelope, bodies }: Incoming) {
    router.reply(envelope, await bridge.answer(peer, bodies))
  }

  for await (const incoming of router.messages()) {
    const handled = handle(incoming)
    running.add(handled)
    void handled.finally(() => running.delete(handled))
    await bridge.room()
  }
}
