// Puts the parts of the stack together: data folder, Worker, bridge. What was started is stopped in reverse order.

import type { Log } from '../events.ts'
import { StartError, startBridge } from '../start-bridge.ts'
import { type StackAuth, startAuth } from './auth.ts'
import type { AuthConfig } from './auth-config.ts'
import { buildWorker, endBuilding } from './build-worker.ts'
import type { StackConfig } from './config.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { earlierUse, noteUse, type Use } from './earlier-use.ts'
import {
  type LocalWorker,
  type LocalWorkerOptions,
  PortInUse,
  startLocalWorker,
} from './local-worker.ts'
import { openWorkerLog, type WorkerLog } from './worker-log.ts'
import { refuseWrongSettings } from './wrong-settings.ts'

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
  /** With authentication: the bridge's token cannot be renewed. */
  readonly onTokenLost: (error: unknown) => void
}

export type RunningStack = {
  /** Where clients connect, with the real port. */
  readonly endpoint: string
  /** Where live events are published, with the real port; absent if they are not. */
  readonly events?: string
  /** The Worker's address. */
  readonly url: string
  /** The file that the Worker's log goes to. */
  readonly log: string
  /** Where the STUI API is, and how it is used; absent where nobody needs a token. */
  readonly auth?: Pick<AuthConfig, 'mode' | 'user'> & { readonly issuer: string }
  /** How the folder was used before, if it holds sessions that are out of reach now. */
  readonly unreachable?: Use
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
  const earlier = earlierUse(config.data)
  const auth = await startedAuth(started, config, hears.onTokenLost)
  const options = await workerOptions({ config, folder, workerLog, auth, ...hears })
  const worker = started.adopt(await startWorker(options), ({ stop }) => stop())
  await refuseWrongSettings(worker)
  auth?.signInFor(worker.url)
  const { images, allowImageAddresses } = config
  const bridge = started.adopt(
    await startBridge({
      listen: config.listen,
      ...(config.events !== undefined && { events: config.events }),
      upstream: worker.url,
      replica: { folder: folder.replica, service: 'the stack on this folder' },
      log,
      ...(auth !== undefined && { access: auth.access }),
      ...(images !== undefined && { images }),
      ...(allowImageAddresses !== undefined && { allowImageAddresses }),
    }),
    ({ stop }) => stop()
  )
  const use = auth === undefined ? 'without tokens' : 'with tokens'
  noteUse(config.data, use)
  const running = started.move()
  return {
    endpoint: bridge.endpoint,
    ...(bridge.events !== undefined && { events: bridge.events }),
    url: worker.url,
    log: folder.log,
    ...(config.auth !== undefined &&
      auth !== undefined && { auth: { ...config.auth, issuer: auth.issuer } }),
    ...(earlier !== undefined && earlier !== use && { unreachable: earlier }),
    stop: () => running.disposeAsync(),
  }
}

/** The STUI API, to be ended with the stack; undefined where nobody needs a token. */
async function startedAuth(
  started: AsyncDisposableStack,
  { auth: config, data }: StackConfig,
  onTokenLost: StackOptions['onTokenLost']
): Promise<StackAuth | undefined> {
  if (config === undefined) return undefined
  return started.adopt(await startAuth({ config, data, onTokenLost }), ({ stop }) => stop())
}

type Parts = Pick<StackOptions, 'config' | 'onRestart' | 'onFailure'> & {
  readonly folder: DataFolder
  readonly workerLog: WorkerLog
  readonly auth: StackAuth | undefined
}

async function workerOptions(parts: Parts): Promise<LocalWorkerOptions> {
  const script = await buildWorker()
  await endBuilding()
  const { config, folder, workerLog, auth, onRestart, onFailure } = parts
  return {
    script,
    secrets: folder.secret,
    dataFolder: folder.objects,
    temporaryFolder: folder.temporary,
    port: config.port,
    settings: { ...config.settings, ...auth?.settings },
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
