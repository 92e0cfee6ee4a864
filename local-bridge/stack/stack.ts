// Puts the parts of the stack together: data folder, Worker, bridge. What was started is stopped in reverse order.

import * as z from 'zod'
import type { Log } from '../events.ts'
import { StartError, startBridge } from '../start-bridge.ts'
import { buildWorker, endBuilding } from './build-worker.ts'
import type { StackConfig } from './config.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import {
  type LocalWorker,
  type LocalWorkerOptions,
  PortInUse,
  startLocalWorker,
} from './local-worker.ts'
import { openWorkerLog, type WorkerLog } from './worker-log.ts'

export type StackOptions = {
  readonly config: StackConfig
  /** Hears what the bridge tells. */
  readonly log: Log
  /** workerd ended by itself and runs again. */
  readonly onRestart: () => void
  /** workerd ended by itself and stays down: the stack is of no use any more. */
  readonly onFailure: () => void
  /** The Worker's log cannot be written. */
  readonly onLogLost: (error: unknown) => void
}

export type RunningStack = {
  /** Where clients connect, with the real port. */
  readonly endpoint: string
  /** The Worker's address. */
  readonly url: string
  /** The file that the Worker's log goes to. */
  readonly log: string
  /** The bridge answers what runs; then the Worker ends and the data folder is free. */
  stop(): Promise<void>
}

/** Starts everything, or throws a `StartError` and leaves nothing running. */
export async function startStack({ config, log, ...hears }: StackOptions): Promise<RunningStack> {
  await using started = new AsyncDisposableStack()
  const opened = openDataFolder(config.data)
  if (!opened.ok) throw new StartError(opened.failure)
  const folder = started.adopt(opened.value, ({ release }) => release())
  const workerLog = started.adopt(
    openWorkerLog({ file: folder.log, onLost: hears.onLogLost }),
    (file) => file.close()
  )
  const options = await workerOptions({ config, folder, workerLog, ...hears })
  const worker = started.adopt(await startWorker(options), ({ stop }) => stop())
  await refuseWrongSettings(worker)
  const bridge = started.adopt(
    await startBridge({ listen: config.listen, upstream: worker.url, log }),
    ({ stop }) => stop()
  )
  const running = started.move()
  return {
    endpoint: bridge.endpoint,
    url: worker.url,
    log: folder.log,
    stop: () => running.disposeAsync(),
  }
}

type Parts = Pick<StackOptions, 'config' | 'onRestart' | 'onFailure'> & {
  readonly folder: DataFolder
  readonly workerLog: WorkerLog
}

async function workerOptions(parts: Parts): Promise<LocalWorkerOptions> {
  const script = await buildWorker()
  await endBuilding()
  const { config, folder, workerLog, onRestart, onFailure } = parts
  return {
    script,
    secrets: folder.secret,
    dataFolder: folder.objects,
    temporaryFolder: folder.temporary,
    port: config.port,
    settings: config.settings,
    onLog: (text, at) => workerLog.write({ text, at }),
    onRestart,
    onFailure,
  }
}

async function startWorker(options: LocalWorkerOptions): Promise<LocalWorker> {
  try {
    return await startLocalWorker(options)
  } catch (error) {
    if (!(error instanceof PortInUse)) throw error
    throw new StartError(
      `Cannot serve HTTP on 127.0.0.1:${options.port}: the port is in use; stop the other program or choose another port with --port.`
    )
  }
}

const refusal = z.object({ details: z.object({ detail: z.string() }) })

/** The Worker reads its settings when it is first asked, and names a wrong one. */
async function refuseWrongSettings({ url }: LocalWorker): Promise<void> {
  const response = await fetch(`${url}/healthz`)
  const body: unknown = await response.json()
  if (response.ok) return
  const told = refusal.safeParse(body)
  const why = told.success ? told.data.details.detail : `it answers with HTTP ${response.status}`
  throw new StartError(`The Worker refuses to serve: ${why}.`)
}
