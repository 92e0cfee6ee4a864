// The real Worker with bridges that publish its events, each behind a network that a test cuts and mends.

import { rmSync } from 'node:fs'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import {
  type BridgeOptions,
  type RunningBridge,
  startBridge,
} from '../../local-bridge/start-bridge.ts'
import { type CuttableLink, startCuttableLink } from './cuttable-link.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { freePort } from './free-port.ts'
import { signalRuntimes } from './own-runtimes.ts'
import { PATIENT } from './patience.ts'
import { readReply } from './reply.ts'
import { temporaryFolder } from './stack-process.ts'

export type LiveBridge = {
  readonly bridge: RunningBridge
  readonly link: CuttableLink
  readonly log: EventLog
}

export type LiveStack = AsyncDisposable & {
  readonly url: string
  /** A message to the Worker, past every bridge; gives the result. */
  run(command: string, parameters: object): Promise<Record<string, unknown>>
  session(client_id: string): Promise<string>
  update(session_id: string, n: number): Promise<void>
  bridge(options?: Partial<BridgeOptions>): Promise<LiveBridge>
  /** kill -9 for the Worker; resolves when another one serves the same data on the same port. */
  killWorker(): Promise<void>
}

export type LiveStackOptions = {
  readonly settings?: Readonly<Record<string, string>>
  /** Of whoever sends messages past the bridges. */
  readonly token?: string
}

const SETTINGS = {
  STUI_COMMANDS_PER_MINUTE: '1000000',
  STUI_COMMAND_BURST: '1000000',
  STUI_CREATION_BURST: '1000',
}

/** @example await using stack = await startLiveStack() */
export async function startLiveStack(options: LiveStackOptions = {}): Promise<LiveStack> {
  const { settings, token } = options
  const folder = temporaryFolder()
  const script = await buildWorker()
  let restarted = Promise.withResolvers<void>()
  const worker = await startLocalWorker({
    script,
    secrets: Buffer.alloc(32, 7).toString('base64url'),
    settings: { ...SETTINGS, ...settings },
    dataFolder: folder,
    port: await freePort(),
    onRestart: () => restarted.resolve(),
  })
  const { url } = worker
  const bridges: LiveBridge[] = []

  async function run(command: string, parameters: object) {
    const response = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify({ command, parameters }),
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    })
    const reply = readReply(await response.text())
    if (reply.result === undefined) throw new Error(`${command}: ${JSON.stringify(reply)}`)
    return reply.result
  }

  return {
    url,
    run,
    session: async (client_id) => String((await run('create_session', { client_id })).session_id),
    update: async (session_id, n) => {
      await run('update_session_state', { session_id, state_data: { n } })
    },
    bridge: async (more = {}) => {
      const link = await startCuttableLink(url)
      const log = createEventLog()
      const bridge = await startBridge({
        listen: 'tcp://127.0.0.1:*',
        events: { endpoint: 'tcp://127.0.0.1:*' },
        upstream: link.url,
        log: log.log,
        limits: PATIENT,
        ...more,
      })
      const live = { bridge, link, log }
      bridges.push(live)
      return live
    },
    killWorker: async () => {
      restarted = Promise.withResolvers<void>()
      signalRuntimes('SIGKILL')
      await restarted.promise
    },
    [Symbol.asyncDispose]: async () => {
      for (const { bridge, link } of bridges) {
        await bridge.stop()
        await link.cut().catch(() => {})
      }
      await worker.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
