// Runs a built Worker on a plain `workerd serve`, as self-hosters do: one process, data in a temporary folder,
// a free port of 127.0.0.1. The process and the folder go when it stops, also if this program ends early.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { MODULE_FILE, type WorkerdConfig, workerdConfig } from './workerd-config.ts'

export type WorkerdOptions = Omit<WorkerdConfig, 'dataFolder'> & {
  /** The module that buildWorker gives. */
  readonly script: string
  /** Further flags of `workerd serve`, such as an inspector's address. */
  readonly flags?: readonly string[]
  /** Where the data is, to outlive the process; in a temporary folder if absent. */
  readonly dataFolder?: string
}

export type RunningWorkerd = AsyncDisposable & {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** workerd says where it listens on this descriptor. */
const CONTROL_FD = 3

/** A process that has not gone by then is killed. */
const GRACE_MS = 2000

/** The last lines that workerd wrote to stderr, for the message of a failed start. */
const STDERR_KEPT = 2000

/**
 * Starts workerd; resolves when it listens.
 * @example await using host = await startWorkerd({ script, classes: { CLIENTS: 'ClientSessions' }, bindings: {} })
 */
export async function startWorkerd({
  script,
  flags = [],
  dataFolder,
  ...config
}: WorkerdOptions): Promise<RunningWorkerd> {
  const folder = mkdtempSync(join(tmpdir(), 'stui-workerd-'))
  const data = dataFolder ?? join(folder, 'data')
  const child = launch(prepared(folder, script, { ...config, dataFolder: data }), flags)
  const clear = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  process.once('exit', clear)
  const stop = async () => {
    process.off('exit', clear)
    await ended(child)
    clear()
  }
  try {
    const port = await listeningPort(child)
    const { pid = 0 } = child
    return { url: `http://127.0.0.1:${port}`, pid, stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Writes configuration and module into the folder; gives the path of the configuration. */
function prepared(folder: string, script: string, config: WorkerdConfig) {
  mkdirSync(config.dataFolder, { recursive: true })
  writeFileSync(join(folder, MODULE_FILE), script)
  const path = join(folder, 'config.capnp')
  writeFileSync(path, workerdConfig(config))
  return path
}

/** The Worker's log lines go to /dev/null: they are written, and nobody reads them. */
function launch(configPath: string, flags: readonly string[]): ChildProcess {
  const workerd: { readonly default: string } = createRequire(import.meta.url)('workerd')
  return spawn(
    workerd.default,
    ['serve', configPath, 'config', `--control-fd=${CONTROL_FD}`, ...flags],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] }
  )
}

async function listeningPort(child: ChildProcess): Promise<number> {
  const control = child.stdio[CONTROL_FD]
  if (!(control instanceof Readable)) throw new Error('workerd was started without a control pipe')
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-STDERR_KEPT)
  })
  child.on('error', (error) => {
    complaint += error.message
  })
  for await (const line of createInterface({ input: control })) {
    const message = JSON.parse(line) as { readonly event: string; readonly port?: number }
    if (message.event === 'listen' && message.port !== undefined) return message.port
  }
  throw new Error(`workerd did not start: ${complaint.trim()}`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  await exit
  clearTimeout(killer)
}
