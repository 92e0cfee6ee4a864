// Through the Worker's own door, and behind it into the object of a client: for tests inside workerd.

import { runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import * as z from 'zod'
import { LOCAL_TEAM } from '../../src/access/principal.ts'
import { routeOf } from '../../src/session/session-id.ts'
import { durableSql } from '../../src/storage/durable-sql.ts'
import { openStore, type Store } from '../../src/storage/store.ts'

const answer = z.looseObject({
  status: z.enum(['success', 'error']),
  result: z.record(z.string(), z.unknown()).default({}),
  error_code: z.string().optional(),
})

export type Answer = z.output<typeof answer>

/** Sends a message to the Worker. */
export async function ask(command: string, parameters: object): Promise<Answer> {
  const response = await exports.default.fetch('http://localhost/v1/messages', {
    method: 'POST',
    body: JSON.stringify({ command, parameters }),
  })
  return answer.parse(await response.json())
}

/** Creates a session through the door and gives its id. */
export async function openSession(client_id: string, parameters: object = {}): Promise<string> {
  const { result } = await ask('create_session', { client_id, ...parameters })
  return z.string().parse(result.session_id)
}

/** The object of a client of the team that everybody is in while authentication is off. */
export function objectOf(client_id: string, team = LOCAL_TEAM) {
  return env.CLIENTS.getByName(routeOf({ team, client_id }))
}

/** Works with the store of a client's object, inside it. */
export function inStore<T>(client_id: string, work: (store: Store) => T): Promise<T> {
  return runInDurableObject(objectOf(client_id), (_, state) =>
    work(openStore(durableSql(state.storage), Date.now()))
  )
}

/** Resolves when the client's object has told the directory everything that it shows. */
export async function reported(client_id: string): Promise<void> {
  for (let look = 0; look < 1000; look += 1) {
    if (!(await inStore(client_id, (store) => store.sessions.hasNews()))) return
  }
  throw new Error('the object has news for the directory and does not tell it')
}
