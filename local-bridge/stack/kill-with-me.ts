// Lets no workerd outlive the process that started it, even if that one is killed with -9: an orphan would keep its
// port, and write to the data folder beside the next stack's.

import { type ChildProcess, spawn } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { basename } from 'node:path'

/**
 * A shell that holds the other end of a pipe from us. Each line is the list of process ids as it then is; the pipe ends
 * when we end, and what is on the last line is killed. Signals to the whole group leave it to its duty.
 */
const GUARD = `trap '' INT TERM HUP
while read -r line; do pids=$line; done
[ -z "$pids" ] || kill -9 $pids`

let isWatching = false

/** From now on every workerd that this process starts ends with it. Windows has no such shell and goes without. */
export function killRuntimesWithMe(): void {
  if (isWatching || process.platform === 'win32') return
  isWatching = true
  const runtimes = new Set<number>()
  const tell = startGuard()
  // Miniflare starts workerd and keeps the process to itself.
  subscribe('child_process', (message) => {
    const child = startedChild(message)
    child?.once('spawn', () => {
      const { pid, spawnfile } = child
      if (pid === undefined || basename(spawnfile) !== 'workerd') return
      runtimes.add(pid)
      tell(runtimes)
      child.once('exit', () => {
        runtimes.delete(pid)
        tell(runtimes)
      })
    })
  })
}

function startGuard(): (pids: ReadonlySet<number>) => void {
  const guard = spawn('/bin/sh', ['-c', GUARD], { stdio: ['pipe', 'ignore', 'ignore'] })
  const { stdin } = guard
  guard.unref()
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref()
  // Without a shell, or with a killed one, there is no guard and no harm.
  guard.on('error', () => {})
  stdin.on('error', () => {})
  return (pids) => stdin.write(`${[...pids].join(' ')}\n`)
}

function startedChild(message: unknown): ChildProcess | undefined {
  if (typeof message !== 'object' || message === null || !('process' in message)) return undefined
  return message.process as ChildProcess
}
