// Starts plain workerd on a configuration, with the settings in its environment; its log lines go where ours go.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { killRuntimesWithMe } from './kill-with-me.ts'
import { MODULE_FILE, selfHostCapnp } from './self-host-capnp.ts'

export type WorkerdOptions = {
  /** The module that buildWorker gives. */
  readonly script: string
  /** Where module and configuration are written, absolute. */
  readonly program: string
  /** The databases of the objects, absolute; the folder exists. */
  readonly objects: string
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
}

export type Workerd = {
  readonly url: string
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<void>
  /** Ends the process after what it is answering; a second time at once. */
  stop(): Promise<void>
}

/** workerd says where it listens on this descriptor. */
const CONTROL_FD = 3

const PRIVATE = 0o700

/** What is being answered may take so long after the end was asked for. */
const GRACE_MS = 5000

/** Gives undefined if workerd ended instead of listening; it has said why. */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd | undefined> {
  killRuntimesWithMe()
  const child = launch(written(options), options.settings)
  const ended = once(child, 'close').then(() => {})
  const port = await Promise.race([listeningPort(child), ended.then(() => undefined)])
  if (port === undefined) return undefined
  const stop = async () => {
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
    await ended
    clearTimeout(killer)
  }
  return { url: `http://127.0.0.1:${port}`, ended, stop }
}

/** Writes module and configuration; gives the path of the configuration. */
function written({ script, program, objects, port, settings }: WorkerdOptions): string {
  mkdirSync(program, { recursive: true, mode: PRIVATE })
  writeFileSync(join(program, MODULE_FILE), script)
  const path = join(program, 'config.capnp')
  writeFileSync(path, selfHostCapnp({ port, objects, settings: Object.keys(settings) }))
  return path
}

/** In a group of its own it does not hear a terminal's Ctrl-C: we end it, once. */
function launch(path: string, settings: WorkerdOptions['settings']): ChildProcess {
  const workerd: { readonly default: string } = createRequire(import.meta.url)('workerd')
  return spawn(workerd.default, ['serve', path, 'config', `--control-fd=${CONTROL_FD}`], {
    detached: true,
    env: { ...settings },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
}

async function listeningPort(child: ChildProcess): Promise<number | undefined> {
  const control = child.stdio[CONTROL_FD]
  if (!(control instanceof Readable)) return undefined
  for await (const line of createInterface({ input: control })) {
    const message = JSON.parse(line) as { readonly event: string; readonly port?: number }
    if (message.event === 'listen' && message.port !== undefined) return message.port
  }
  return undefined
}
