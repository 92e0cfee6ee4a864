// The local stack as a child process for tests: free ports, a folder of its own, and a clean end whatever happens.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ChildEnd,
  type ChildStack,
  startChildStack,
} from '../../local-bridge/stack/child-stack.ts'
import { freePort } from './free-port.ts'

export type StackProcess = AsyncDisposable &
  Pick<ChildStack, 'endpoint' | 'url' | 'pid' | 'ended' | 'output' | 'told' | 'signal'> & {
    readonly data: string
    /** kill -9 for the whole process group: bridge, Worker and all. */
    kill9(): Promise<ChildEnd>
    /** Ctrl-C. */
    stop(): Promise<ChildEnd>
    /** A new process on the same folder and the same ports. */
    again(): Promise<StackProcess>
  }

export type StackProcessOptions = {
  readonly data?: string
  readonly listen?: string
  readonly port?: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** What a program needs of our environment, and none of its settings. */
export const BARE_ENV = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' }

/** @example await using stack = await startStackProcess() */
export async function startStackProcess(options: StackProcessOptions = {}): Promise<StackProcess> {
  const { data = temporaryFolder(), args = [] } = options
  const { listen = `tcp://127.0.0.1:${await freePort()}`, port = await freePort() } = options
  const stack = await startChildStack({
    args: ['--data', data, '--listen', listen, '--port', String(port), ...args],
    env: { ...BARE_ENV, ...options.env },
  })
  const { endpoint, url, signal } = stack
  return {
    ...stack,
    data,
    kill9: () => signal('SIGKILL'),
    stop: () => signal('SIGINT'),
    again: () =>
      startStackProcess({ ...options, data, listen: endpoint, port: Number(new URL(url).port) }),
    [Symbol.asyncDispose]: async () => {
      await signal('SIGKILL')
      if (options.data === undefined) rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A new folder below the system's temporary one. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'stui-test-'))
}

/** Ids of the workerd processes of a process group. Zombies are ended already. */
export function runtimesOf(group: number): number[] {
  return execFileSync('ps', ['-eo', 'pid=,pgid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, pgid, stat = 'Z', program = '']) => {
      return Number(pgid) === group && !stat.startsWith('Z') && program.endsWith('workerd')
    })
    .map(([pid]) => Number(pid))
}
