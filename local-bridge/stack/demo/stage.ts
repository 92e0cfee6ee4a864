// The stack that the demo plays on: its own process group, free ports, a temporary folder. Nothing of it stays.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildStack, startChildStack } from '../child-stack.ts'

export type Stage = AsyncDisposable & {
  readonly endpoint: string
  readonly pid: number
  /** kill -9 for the whole process group. */
  kill(): Promise<void>
  /** Starts again on the same folder and the same ports. */
  again(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'stui-demo-'))
  let stack: ChildStack
  try {
    stack = await startChildStack(called(folder, 'tcp://127.0.0.1:*', 0))
  } catch (error) {
    await rm(folder, { recursive: true })
    throw error
  }
  const { endpoint, url } = stack

  return {
    endpoint,
    get pid() {
      return stack.pid
    },
    kill: async () => {
      await stack.signal('SIGKILL')
    },
    again: async () => {
      stack = await startChildStack(called(folder, endpoint, Number(new URL(url).port)))
    },
    [Symbol.asyncDispose]: async () => {
      await stack.signal('SIGTERM')
      await rm(folder, { recursive: true })
    },
  }
}

/** What the person who plays the demo has set for another stack does not count for this one. */
function called(data: string, listen: string, port: number) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('STUI_'))
  )
  return { args: ['--data', data, '--listen', listen, '--port', String(port)], env }
}
