// The self-hosted Worker as a child process for tests: a free port, its output kept, and a clean end whatever happens.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { BARE_ENV } from './stack-process.ts'

export type SelfHostProcess = AsyncDisposable & {
  readonly url: string
  /** What both its outputs and those of workerd hold so far. */
  output(): string
  /** As systemd stops it; gives the exit code. */
  stop(): Promise<number | null>
  /** kill -9; its workerd ends with it. */
  kill(): Promise<void>
}

export type SelfHostOptions = {
  readonly data: string
  /** Settings of the Worker. */
  readonly settings: Readonly<Record<string, string>>
}

const PROGRAM = join(import.meta.dirname, '../../local-bridge/stack/self-host.ts')

/** What it tells when it serves. */
const SERVING = /^Serving (\S+) with/m

/** @example await using host = await startSelfHost({ data, settings: { STUI_AUTH: 'off' } }) */
export async function startSelfHost({ data, settings }: SelfHostOptions): Promise<SelfHostProcess> {
  const child = spawn(process.execPath, [PROGRAM, '--data', data, '--port', '0'], {
    env: { ...BARE_ENV, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let output = ''
  const serving = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const [, url] = SERVING.exec(output) ?? []
      if (url !== undefined) serving.resolve(url)
    })
  }
  const url = await Promise.race([serving.promise, ended])
  if (typeof url !== 'string') throw new Error(`the self-hosted Worker did not start: ${output}`)
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  return {
    url,
    output: () => output,
    stop,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
}
