// What a panel needs behind it: the built Worker on real workerd, whose clock a test moves, with tokens or without.

import { join } from 'node:path'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import type { UserName } from '../../local-bridge/stack/stui-api/users.ts'
import type { Members } from './fixtures.ts'
import { settingsOf } from './identity-stack.ts'
import type { TestApi } from './stui-api.ts'

export type PanelStack = AsyncDisposable & {
  readonly url: string
  /** Lets time pass in the Worker and its objects. */
  advance(milliseconds: number): Promise<void>
  /** Sends a command, as this user if there are tokens, and gives the result of its success. */
  run(command: string, parameters: Members, user?: UserName): Promise<Members>
  /** Creates a session and gives its id. */
  session(client_id: string, its?: Members, user?: UserName): Promise<string>
  /** Reports an image as a bridge does. */
  image(image_id: string, status?: string, its?: Members): Promise<Members>
  /** Takes the Worker away, and brings it back on its port. */
  down(): Promise<void>
  up(): Promise<void>
}

const LIMITS = {
  STUI_COMMANDS_PER_MINUTE: '100000',
  STUI_COMMAND_BURST: '100000',
  STUI_CREATIONS_PER_MINUTE: '100000',
  STUI_CREATION_BURST: '100000',
  STUI_MAX_SESSIONS_PER_CLIENT: '1000',
}

export type PanelStackOptions = {
  readonly api?: TestApi
  readonly mode?: 'jwt' | 'introspection'
  readonly settings?: Readonly<Record<string, string>>
  /** Where its data outlives it. */
  readonly data?: string
}

/** @example await using stack = await startPanelStack() */
export async function startPanelStack(options: PanelStackOptions = {}): Promise<PanelStack> {
  const { api, mode = 'jwt', settings = {}, data } = options
  const script = await buildWorker(join(import.meta.dirname, 'shifted-worker-entry.ts'))
  const secrets = Buffer.alloc(32, 7).toString('base64url')
  const start = (port: number) =>
    startLocalWorker({
      ...{ script, secrets, port },
      ...(data !== undefined && { dataFolder: data }),
      settings: { ...LIMITS, ...(api !== undefined && settingsOf(api, mode)), ...settings },
    })
  let worker = await start(0)
  const { url } = worker
  let ahead = 0
  let isUp = true

  async function run(command: string, parameters: Members, user: UserName = 'enzo') {
    const token = await api?.issueToken(user)
    const response = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify({ id: crypto.randomUUID(), command, parameters }),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    })
    const reply = (await response.json()) as Members
    if (reply.status !== 'success') throw new Error(`${command}: ${reply.error}`)
    return reply.result as Members
  }

  return {
    url,
    run,
    advance: async (milliseconds) => {
      ahead += milliseconds
      await fetch(`${url}/clock`, { method: 'PUT', body: String(ahead) })
      // The machine's alarms know nothing of this clock; a directory that is asked anything looks at its own.
      await run('get_session_statistics', {})
    },
    session: async (client_id, its = {}, user = 'enzo') => {
      const { session_id } = await run('create_session', { client_id, ...its }, user)
      return String(session_id)
    },
    image: (image_id, status = 'Connected', its = {}) =>
      run('report_image_status', { image_id, status, ...its }),
    down: async () => {
      isUp = false
      await worker.stop()
    },
    up: async () => {
      worker = await start(Number(new URL(url).port))
      isUp = true
      await fetch(`${url}/clock`, { method: 'PUT', body: String(ahead) })
    },
    [Symbol.asyncDispose]: async () => {
      if (isUp) await worker.stop()
    },
  }
}
