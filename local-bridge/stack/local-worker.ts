// The built Worker in its local emulation: real workerd, real SQLite, data kept in a folder.

import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, MiniflareCoreError } from 'miniflare'
import { COMPATIBILITY } from './build-worker.ts'
import { killRuntimesWithMe } from './kill-with-me.ts'

export type LocalWorkerOptions = {
  /** The module that buildWorker gives. */
  readonly script: string
  /** Base64url of the secrets that sign session ids, separated by commas. */
  readonly secrets: string
  /** Where the objects' databases are kept; a temporary folder if absent. */
  readonly dataFolder?: string
  /** Where Miniflare puts its own files; the system's folder if absent. */
  readonly temporaryFolder?: string
  /** 0 or absent takes a free port. */
  readonly port?: number
  /** Further settings of the Worker (`STUI_…`). */
  readonly settings?: Readonly<Record<string, string>>
  /** Hears each line that the Worker logs, with its time in milliseconds. */
  readonly onLog?: (line: string, at: number) => void
  /** workerd ended by itself and runs again: what was being answered is lost, what was acknowledged is not. */
  readonly onRestart?: () => void
  /** workerd ended by itself and could not be started again. */
  readonly onFailure?: () => void
}

export type LocalWorker = { readonly url: string; stop(): Promise<void> }

/** The port is in use by another program. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse'
}

/** Starts the Worker on 127.0.0.1; resolves when it answers. */
export async function startLocalWorker(options: LocalWorkerOptions): Promise<LocalWorker> {
  killRuntimesWithMe()
  const miniflare = keepingSignals(() => createMiniflare(options))
  try {
    const url = (await miniflare.ready).origin
    return { url, stop: () => miniflare.dispose() }
  } catch (error) {
    await miniflare.dispose().catch(() => {})
    if (codeOf(error) === 'ERR_ADDRESS_IN_USE') throw new PortInUse()
    throw error
  }
}

function createMiniflare(options: LocalWorkerOptions): Miniflare {
  const { script, secrets, dataFolder, temporaryFolder, port = 0, settings = {} } = options
  const { onLog = () => {}, onRestart = () => {}, onFailure = () => {} } = options
  const given = convertV4MiniflareOptions({
    host: '127.0.0.1',
    port,
    cf: false,
    telemetry: { enabled: false },
    log: new FailureLog(onFailure),
    handleStructuredLogs: ({ message, timestamp }) => onLog(message, timestamp),
    unsafeHandleRuntimeRestart: onRestart,
    ...(dataFolder !== undefined && { resourcePersistencePath: dataFolder }),
    modules: true,
    script,
    compatibilityDate: COMPATIBILITY.date,
    compatibilityFlags: [...COMPATIBILITY.flags],
    bindings: { STUI_AUTH: 'off', STUI_SESSION_SECRETS: secrets, ...settings },
    durableObjects: {
      CLIENTS: { className: 'ClientSessions', useSQLite: true },
      TEAMS: { className: 'TeamDirectory', useSQLite: true },
    },
  })
  return inTemporaryFolder(temporaryFolder, () => new Miniflare(given))
}

/** Miniflare restarts a workerd that ended; that it could not, it tells its log only. */
class FailureLog extends Log {
  readonly #onFailure: () => void

  constructor(onFailure: () => void) {
    super(LogLevel.NONE)
    this.#onFailure = onFailure
  }

  override error(error: Error): void {
    if (codeOf(error) === 'ERR_RUNTIME_FAILURE') this.#onFailure()
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof MiniflareCoreError ? error.code : undefined
}

/** Miniflare would end the whole process on a signal before anybody else could stop in good order. */
function keepingSignals<Value>(work: () => Value): Value {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const before = signals.map((signal) => new Set(process.listeners(signal)))
  const value = work()
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.has(listener)) process.off(signal, listener)
    }
  })
  return value
}

/** Miniflare has no option for it, but takes the system's folder while it is being made. */
function inTemporaryFolder<Value>(folder: string | undefined, work: () => Value): Value {
  const before = process.env.TMPDIR
  if (folder === undefined) return work()
  process.env.TMPDIR = folder
  try {
    return work()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}
