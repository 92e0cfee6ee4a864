// The bridge as a program of its own, to be killed and started again on the same folder.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createChanges } from './changes.ts'
import { freePort } from './free-port.ts'
import type { Reply } from './reply.ts'
import { connectReq, type ReqClient } from './req-client.ts'

export type BridgeProcess = AsyncDisposable & {
  readonly endpoint: string
  /** The result of a command that succeeds. */
  run(command: string, parameters: object): Promise<Record<string, unknown>>
  ask(command: string, parameters: object): Promise<Reply>
  pid(): number | undefined
  /** Resolves when the program that runs now has logged something like that. */
  told(pattern: RegExp): Promise<void>
  /** Stops it where it is; nothing but its end is left to it. */
  freeze(): void
  /** kill -9, what happens meanwhile, and a new program. */
  killAndRestart(meanwhile?: () => void | Promise<void>): Promise<void>
  /** Everything that its programs have logged. */
  output(): string
  /** Ends it in good order; gives the exit code. */
  stop(): Promise<number | null>
}

export type BridgeProcessOptions = {
  /** Where the session service is. */
  readonly upstream: string
  /** Where the bridge keeps what it may not lose. */
  readonly folder: string
  readonly args?: readonly string[]
  /** Who the program is; who the tests are if absent. */
  readonly uid?: number
}

const MAIN = new URL('../../local-bridge/main.ts', import.meta.url).pathname

/** @example await using bridge = await startBridgeProcess({ upstream: worker.url, folder }) */
export async function startBridgeProcess({
  upstream,
  folder,
  args: more = [],
  uid,
}: BridgeProcessOptions): Promise<BridgeProcess> {
  const endpoint = `tcp://127.0.0.1:${await freePort()}`
  const args = [
    ...['--listen', endpoint, '--upstream', upstream, '--data', folder],
    ...['--log-format', 'json', '--no-events', ...more],
  ]
  let child: ChildProcess
  let client: ReqClient
  let output = ''
  let earlier = ''
  const changes = createChanges()

  async function start() {
    earlier += output
    output = ''
    child = spawn(process.execPath, [MAIN, ...args], {
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid !== undefined && { uid }),
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
        changes.happened()
      })
    }
    await told(/"listening"/)
    client = connectReq(endpoint)
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    client.close()
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const ended = once(child, 'close')
    child.kill(signal)
    await ended
    return child.exitCode
  }

  async function told(pattern: RegExp): Promise<void> {
    await changes.until(() => pattern.test(output))
  }

  let asked = 0
  const ask = (command: string, parameters: object) => {
    asked += 1
    return client.ask({ id: `m-${asked}`, command, parameters })
  }

  await start()
  return {
    endpoint,
    output: () => earlier + output,
    pid: () => child.pid,
    stop: () => end('SIGTERM'),
    ask,
    run: async (command, parameters) => {
      const reply = await ask(command, parameters)
      if (reply.result === undefined) throw new Error(`${command}: ${JSON.stringify(reply)}`)
      return reply.result
    },
    told,
    freeze: () => child.kill('SIGSTOP'),
    killAndRestart: async (meanwhile) => {
      await end('SIGKILL')
      await meanwhile?.()
      await start()
    },
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL')
    },
  }
}
