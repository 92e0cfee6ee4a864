// Stands in for a Smalltalk image: a process of its own with a REP socket, which a test kills, freezes and starts again.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createChanges } from './changes.ts'
import { freePort } from './free-port.ts'
import type { Asked, Told } from './image-message.ts'
import { temporaryFolder } from './stack-process.ts'

export type ImageStandIn = AsyncDisposable & {
  readonly address: string
  /** How often each message id was executed, over all starts; ids as JSON text. */
  executions(): ReadonlyMap<string, number>
  /** Resolves when a message with this id has begun to be executed. */
  executed(id: unknown): Promise<void>
  /** Lets the message with this id be answered, which said `held`. */
  release(id: unknown): void
  kill(): Promise<void>
  freeze(): void
  thaw(): void
  /** Starts the image again where it listened before. */
  start(epoch?: string): Promise<void>
}

const PROGRAM = join(import.meta.dirname, 'image-program.ts')

export type StandInOptions = {
  /** What its pings say of this start; nothing if empty. */
  readonly epoch?: string
  /** False for an image that the test starts later. */
  readonly started?: boolean
}

/** @example await using image = await startImage() */
export async function startImage(options: StandInOptions = {}): Promise<ImageStandIn> {
  const { epoch = '', started = true } = options
  const address = `tcp://127.0.0.1:${await freePort()}`
  const folder = temporaryFolder()
  const journal = join(folder, 'executed')
  writeFileSync(journal, '')
  const begun = new Set<string>()
  const changes = createChanges()
  let child: ChildProcess | undefined

  async function start(its = epoch) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    child = fork(PROGRAM, [address, journal, its])
    child.once('exit', () => reject(new Error('the image did not start')))
    child.on('message', (message: Told) => {
      if (message.told === 'listening') resolve()
      else begun.add(JSON.stringify(message.id))
      changes.happened()
    })
    await promise
  }

  async function kill() {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  async function executed(id: unknown): Promise<void> {
    await changes.until(() => begun.has(JSON.stringify(id)))
  }

  if (started) await start()
  return {
    address,
    executions: () => {
      const counts = new Map<string, number>()
      for (const id of readFileSync(journal, 'utf8').split('\n')) {
        if (id !== '') counts.set(id, (counts.get(id) ?? 0) + 1)
      }
      return counts
    },
    executed,
    release: (id) => child?.send({ release: id } satisfies Asked),
    kill,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    start,
    [Symbol.asyncDispose]: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
