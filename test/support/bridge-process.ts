// The bridge as a program of its own, to be killed and started again on the same folder.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from './free-port.ts'
import { connectReq, type ReqClient } from './req-client.ts'

export type BridgeProcess = AsyncDisposable & {
  run(command: string, parameters: object): Promise<Record<string, unknown>>
  /** Resolves when the program that runs now has logged something like that. */
  told(pattern: RegExp): Promise<void>
  /** kill -9, and a new program. */
  killAndRestart(): Promise<void>
}

const MAIN = new URL('../../local-bridge/main.ts', import.meta.url).pathname

/** @example await using bridge = await startBridgeProcess(worker.url, folder) */
export async function startBridgeProcess(url: string, folder: string): Promise<BridgeProcess> {
  const endpoint = `tcp://127.0.0.1:${await freePort()}`
  const args = ['--listen', endpoint, '--upstream', url, '--data', folder, '--log-format', 'json']
  let child: ChildProcess
  let client: ReqClient
  let output = ''
  const watchers = new Set<() => void>()

  async function start() {
    output = ''
    child = spawn(process.execPath, [MAIN, ...args], {
      env: {},
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const watcher of watchers) watcher()
    })
    await told(/"listening"/)
    client = connectReq(endpoint)
  }

  async function kill() {
    client.close()
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
  }

  function told(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!pattern.test(output)) return
        watchers.delete(look)
        resolve()
      }
      watchers.add(look)
      look()
    })
  }

  let asked = 0
  await start()
  return {
    run: async (command, parameters) => {
      asked += 1
      const reply = await client.ask({ id: `m-${asked}`, command, parameters })
      if (reply.result === undefined) throw new Error(`${command}: ${JSON.stringify(reply)}`)
      return reply.result
    },
    told,
    killAndRestart: async () => {
      await kill()
      await start()
    },
    [Symbol.asyncDispose]: kill,
  }
}
