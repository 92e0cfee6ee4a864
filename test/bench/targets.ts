// The two that are compared: our built Worker and the floor, each on a workerd of its own.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { createHttpClient, type HttpClient } from './http-client.ts'
import { createMessage, restoreMessage, updateMessage } from './messages.ts'
import { MOST_CLIENTS } from './plan.ts'
import { stateMaker } from './states.ts'
import { newClientId } from './subjects.ts'
import { startWorkerd } from './workerd-host.ts'

export type Target = AsyncDisposable & {
  readonly url: string
  readonly pid: number
  readonly http: HttpClient
}

/** The benchmark is no ordinary client: the limits that protect the service would end it at once. */
const UNLIMITED = {
  STUI_COMMANDS_PER_MINUTE: '1000000000',
  STUI_COMMAND_BURST: '1000000000',
  STUI_CREATIONS_PER_MINUTE: '1000000000',
  STUI_CREATION_BURST: '1000000000',
}

const FLOOR_ENTRY = join(import.meta.dirname, 'floor.ts')

/** Starts our Worker as a self-hoster runs it. */
export async function startOurs(script?: string): Promise<Target> {
  return started({
    script: script ?? (await buildWorker()),
    classes: { CLIENTS: 'ClientSessions', TEAMS: 'TeamDirectory' },
    bindings: {
      STUI_AUTH: 'off',
      STUI_SESSION_SECRETS: randomBytes(32).toString('base64url'),
      ...UNLIMITED,
    },
  })
}

/** Starts the floor; its answers are as long as those of `ours`. */
export async function startFloor(ours: Target): Promise<Target> {
  return started({
    script: await buildWorker(FLOOR_ENTRY),
    classes: { FLOOR: 'FloorObject' },
    bindings: { ENVELOPE_BYTES: JSON.stringify(await envelopeBytes(ours.http)) },
  })
}

async function started(options: Parameters<typeof startWorkerd>[0]): Promise<Target> {
  const host = await startWorkerd(options)
  const http = createHttpClient(host.url, MOST_CLIENTS)
  return {
    url: host.url,
    pid: host.pid,
    http,
    [Symbol.asyncDispose]: async () => {
      await http.close()
      await host.stop()
    },
  }
}

/** The bytes of an answer beside the state, by command. */
async function envelopeBytes(http: HttpClient): Promise<Readonly<Record<string, number>>> {
  const state = stateMaker(2_000)(1)
  const created = await http.send(createMessage(newClientId()))
  const { result } = JSON.parse(created.toString()) as { result: { session_id: string } }
  const updated = await http.send(updateMessage(result.session_id, state))
  const restored = await http.send(restoreMessage(result.session_id))
  return {
    create_session: created.length,
    update_session_state: updated.length - state.length,
    restore_session: restored.length - state.length,
  }
}
