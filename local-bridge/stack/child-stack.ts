// A stack as a child process in a group of its own, so that all of it can be killed at one stroke.

import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

export type ChildEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type ChildStack = {
  readonly endpoint: string
  readonly url: string
  /** Also the id of its process group. */
  readonly pid: number
  readonly ended: Promise<ChildEnd>
  /** What it has written to both its outputs. */
  output(): string
  /** Resolves when its output matches. */
  told(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends a signal to the whole group; resolves when the stack has ended. */
  signal(signal: NodeJS.Signals): Promise<ChildEnd>
}

export type ChildStackOptions = {
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

const START = fileURLToPath(import.meta.resolve('./start.ts'))

/** What the stack tells when it is ready: announce.ts writes it. */
const READY = /ZeroMQ +(\S+)\n +HTTP +(\S+)\n[\s\S]*Ctrl-C stops it/

/** A stack that is not ready after this time does not start any more. */
const PATIENCE_MS = 30_000

/** Its message is what the stack told. */
export class ChildStackFailed extends Error {
  override readonly name = 'ChildStackFailed'
}

/** Starts `start.ts`; resolves when it has told where to connect. */
export async function startChildStack(options: ChildStackOptions): Promise<ChildStack> {
  const { args, env = process.env } = options
  const child = spawn(process.execPath, [START, ...args], {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const { output, told } = listenTo([child.stdout, child.stderr])
  const { pid } = child
  const kill = () => signalGroup(pid, 'SIGKILL')
  // A group of its own is not reached by what ends us.
  process.once('exit', kill)
  void ended.then(() => process.off('exit', kill))
  const impatience = setTimeout(kill, PATIENCE_MS)
  const ready = await Promise.race([told(READY), ended])
  clearTimeout(impatience)
  if (pid === undefined || !Array.isArray(ready)) throw new ChildStackFailed(output())
  const [, endpoint = '', url = ''] = ready
  return {
    endpoint,
    url,
    pid,
    ended,
    output,
    told,
    signal: (signal) => {
      signalGroup(pid, signal)
      return ended
    },
  }
}

function listenTo(streams: readonly Readable[]): Pick<ChildStack, 'output' | 'told'> {
  const watchers = new Set<() => void>()
  let output = ''
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const watcher of watchers) watcher()
    })
  }
  return {
    output: () => output,
    told: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          const found = pattern.exec(output)
          if (found === null) return
          watchers.delete(look)
          resolve(found)
        }
        watchers.add(look)
        look()
      }),
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    if (!isGone) throw error
  }
}
