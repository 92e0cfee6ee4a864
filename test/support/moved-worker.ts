// A real Worker and a real STUI API on one clock that a test moves, and clients that ask without a pause.

import { join } from 'node:path'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import { createChanges } from './changes.ts'
import { fixedClock, START } from './fixed-clock.ts'
import type { Members } from './fixtures.ts'
import { settingsOf } from './identity-stack.ts'
import { startTestApi, type TestApi } from './stui-api.ts'

/** What a client was answered. */
export type Told = {
  readonly client: string
  readonly status: number
  readonly error_code: string | undefined
}

export type MovedWorker = AsyncDisposable & {
  readonly api: TestApi
  now(): number
  /** Milliseconds that have passed since the start. */
  age(): number
  /** Lets time pass at the Worker's door and at the STUI API. */
  advance(milliseconds: number): Promise<void>
  ask(message: Members, token: string): Promise<{ status: number; reply: Members }>
}

export async function startMovedWorker(mode: 'jwt' | 'introspection'): Promise<MovedWorker> {
  const clock = fixedClock()
  const api = await startTestApi({ clock })
  const worker = await startLocalWorker({
    script: await buildWorker(join(import.meta.dirname, 'moved-worker-entry.ts')),
    secrets: Buffer.alloc(32, 7).toString('base64url'),
    settings: settingsOf(api, mode),
  })
  let asked = 0

  async function advance(milliseconds: number) {
    clock.advance(milliseconds)
    await fetch(`${worker.url}/clock`, { method: 'PUT', body: String(clock.now()) })
  }

  async function ask(message: Members, token: string) {
    asked += 1
    const response = await fetch(`${worker.url}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify(message),
      headers: {
        authorization: `Bearer ${token}`,
        // Each from an address of its own: what is refused here must not make others wait.
        'cf-connecting-ip': `10.${asked >> 16}.${(asked >> 8) & 255}.${asked & 255}`,
      },
    })
    return { status: response.status, reply: (await response.json()) as Members }
  }

  await advance(0)
  return {
    api,
    now: clock.now,
    age: () => clock.now() - START,
    advance,
    ask,
    [Symbol.asyncDispose]: async () => {
      await worker.stop()
      await api.stop()
    },
  }
}

export type Load = AsyncDisposable & {
  /** What the next so many requests are answered: those that are sent from now on, by all clients together; of each client one at least. */
  next(count: number): Promise<readonly Told[]>
  /** From now on the client sends this token. */
  give(client: string, token: string): void
}

/** How many requests each client has under way at any time. */
const AT_ONCE = 4

/** Lets each client work in a session of its own, without a pause, until it is disposed of. */
export async function startLoad(
  worker: MovedWorker,
  tokens: Readonly<Record<string, string>>
): Promise<Load> {
  const current = new Map(Object.entries(tokens))
  const told: { readonly nth: number; readonly told: Told }[] = []
  const changes = createChanges()
  let sent = 0
  let going = true

  async function work(client: string, message: (nth: number) => Members) {
    while (going) {
      const nth = ++sent
      const { status, reply } = await worker.ask(message(nth), current.get(client) ?? '')
      told.push({ nth, told: { client, status, error_code: codeOf(reply) } })
      changes.happened()
    }
  }

  const working: Promise<void>[] = []
  for (const [client, token] of current) {
    const { reply } = await worker.ask({ command: 'create_session', client_id: client }, token)
    const { session_id } = reply.result as Members
    const info = { command: 'get_session_info', session_id }
    const update = { command: 'update_session_state', session_id }
    const message = (nth: number) => (nth % 3 === 0 ? { ...update, state_data: { nth } } : info)
    for (let lane = 0; lane < AT_ONCE; lane += 1) working.push(work(client, message))
  }

  return {
    give: (client, token) => current.set(client, token),
    next: (count) => {
      const after = sent
      return changes.until(() => {
        const since = told.filter(({ nth }) => nth > after)
        const answered = new Set(since.map((one) => one.told.client))
        const isEnough = since.length >= count && answered.size === current.size
        return isEnough && since.map((one) => one.told)
      })
    },
    [Symbol.asyncDispose]: async () => {
      going = false
      await Promise.all(working)
    },
  }
}

function codeOf({ error_code }: Members): string | undefined {
  return typeof error_code === 'string' ? error_code : undefined
}

/** What each client was answered at all, such as `frida 200`, in order. */
export function tally(told: readonly Told[]): string[] {
  return [...new Set(told.map(({ client, status }) => `${client} ${status}`))].sort()
}
