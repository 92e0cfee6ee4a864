// The Worker of a run: one that many runs share, or one of its own that can be killed and frozen. Its data outlives it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningWorkerd, startWorkerd } from '../bench/workerd-host.ts'

export type WorkerHost = AsyncDisposable & {
  url(): string
  /** kill -9, and another process on the same data. */
  restart(): Promise<void>
  freeze(): void
  thaw(): void
}

const NO_LIMIT = '1000000000'

const BINDINGS = {
  STUI_AUTH: 'off',
  STUI_SESSION_SECRETS: Buffer.alloc(32, 7).toString('base64url'),
  STUI_MAX_SESSIONS_PER_CLIENT: '1000',
  STUI_COMMANDS_PER_MINUTE: NO_LIMIT,
  STUI_COMMAND_BURST: NO_LIMIT,
  STUI_CREATIONS_PER_MINUTE: NO_LIMIT,
  STUI_CREATION_BURST: NO_LIMIT,
}

/** @example await using worker = await startWorker(await buildWorker()) */
export async function startWorker(script: string): Promise<WorkerHost> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'stui-chaos-worker-'))
  const start = (): Promise<RunningWorkerd> =>
    startWorkerd({
      ...{ script, dataFolder, bindings: BINDINGS },
      classes: { CLIENTS: 'ClientSessions', TEAMS: 'TeamDirectory' },
    })
  let host = await start()
  return {
    url: () => host.url,
    restart: async () => {
      process.kill(host.pid, 'SIGKILL')
      await host.stop()
      host = await start()
    },
    freeze: () => void process.kill(host.pid, 'SIGSTOP'),
    thaw: () => void process.kill(host.pid, 'SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      process.kill(host.pid, 'SIGCONT')
      await host.stop()
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
