// The bridge of a run: in this process, or in one of its own that can be killed and frozen.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { BridgeEvent } from '../../local-bridge/events.ts'
import { LIMITS, type Limits } from '../../local-bridge/limits.ts'
import { type RunningBridge, startBridge } from '../../local-bridge/start-bridge.ts'

/** Everything that takes seconds at a desk takes a third of it here; what a client waits for stays in proportion. */
export const CHAOS_LIMITS: Limits = {
  ...LIMITS,
  decideAfterMs: 760,
  standInAfterMs: 660,
  worthSendingMs: 30,
  upstreamMs: 10_000,
  firstRetryMs: 20,
  lastRetryMs: 130,
  graceMs: 0,
}

/** Where a bridge sits: the same after every restart. */
export type BridgeSeat = {
  readonly listen: string
  readonly upstream: string
  readonly folder: string
}

export type BridgeHost = {
  /** Ends the bridge, in good order or by kill -9, and starts another one in its place. */
  restart(): Promise<void>
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

type Hear = (event: BridgeEvent) => void

export async function bridgeHere(seat: BridgeSeat, hear: Hear): Promise<BridgeHost> {
  const { listen, upstream, folder } = seat
  const start = (): Promise<RunningBridge> =>
    startBridge({ listen, upstream, limits: CHAOS_LIMITS, replica: { folder }, log: hear })
  let bridge = await start()
  return {
    restart: async () => {
      await bridge.stop()
      bridge = await start()
    },
    freeze: () => {},
    thaw: () => {},
    stop: () => bridge.stop(),
  }
}

const CHILD = join(import.meta.dirname, 'bridge-child.ts')

export async function bridgeApart(seat: BridgeSeat, hear: Hear): Promise<BridgeHost> {
  let child = await start()

  async function start(): Promise<ChildProcess> {
    const one = fork(CHILD, [JSON.stringify(seat)], { execArgv: [] })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    one.on('message', (event: BridgeEvent) => {
      hear(event)
      if (event.event === 'listening') resolve()
    })
    one.once('exit', () => reject(new Error('the bridge ended before it listened')))
    await promise
    return one
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  return {
    restart: async () => {
      await kill()
      child = await start()
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: kill,
  }
}
