// A whole bridge on a free port, in front of a real HTTP server.

import { IMAGE_LIMITS, type ImageLimits } from '../../local-bridge/images/image-limits.ts'
import { LIMITS, type Limits } from '../../local-bridge/limits.ts'
import {
  type BridgeOptions,
  type RunningBridge,
  startBridge,
} from '../../local-bridge/start-bridge.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { type HttpWorker, startHttpWorker } from './http-worker.ts'
import type { ImageStandIn } from './image-stand-in.ts'

export type RunningFixture = AsyncDisposable & {
  readonly bridge: RunningBridge
  readonly endpoint: string
  readonly port: number
  readonly worker: HttpWorker
  readonly log: EventLog
}

export async function runBridge(
  limits: Partial<Limits> = {},
  more: Partial<BridgeOptions> = {}
): Promise<RunningFixture> {
  const worker = await startHttpWorker()
  const log = createEventLog()
  const bridge = await startBridge({
    listen: 'tcp://127.0.0.1:*',
    upstream: worker.url,
    log: log.log,
    limits: { ...LIMITS, ...limits },
    ...more,
  })
  return {
    bridge,
    endpoint: bridge.endpoint,
    port: Number(bridge.endpoint.split(':').at(-1)),
    worker,
    log,
    [Symbol.asyncDispose]: async () => {
      await bridge.stop()
      await worker.stop()
    },
  }
}

/** The same before images, which it is connected to when this resolves: a message waits for a connection only for so long. */
export async function runBridgeBefore(
  images: Readonly<Record<string, Pick<ImageStandIn, 'address'>>>,
  limits: Partial<ImageLimits> = {}
): Promise<RunningFixture> {
  const running = await runBridge(
    {},
    {
      images: Object.entries(images).map(([name, { address }]) => ({ name, address })),
      imageLimits: { ...IMAGE_LIMITS, ...limits },
    }
  )
  await running.log.nth('image_up', Object.keys(images).length)
  return running
}
