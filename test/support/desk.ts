// One desk: the built Worker on real workerd, a bridge in front of it, and a REQ socket that is connected to the bridge.

import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import { startBridge } from '../../local-bridge/start-bridge.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { PATIENT } from './patience.ts'
import { connectReq, type ReqClient } from './req-client.ts'

export type Desk = {
  /** Of the Worker, past the bridge. */
  readonly url: string
  readonly client: ReqClient
  /** What the bridge has logged. */
  readonly events: EventLog
  /** Lines that the Worker has logged. */
  readonly logged: readonly string[]
  stop(): Promise<void>
}

/** Nothing is kept on a disk. */
export async function startDesk(): Promise<Desk> {
  const logged: string[] = []
  const worker = await startLocalWorker({
    script: await buildWorker(),
    secrets: Buffer.alloc(32, 7).toString('base64url'),
    onLog: (line) => logged.push(line),
  })
  const events = createEventLog()
  const { url } = worker
  const bridge = await startBridge({
    listen: 'tcp://127.0.0.1:*',
    upstream: url,
    log: events.log,
    limits: PATIENT,
  })
  const client = connectReq(bridge.endpoint)
  return {
    ...{ url, client, events, logged },
    stop: async () => {
      client.close()
      await bridge.stop()
      await worker.stop()
    },
  }
}
