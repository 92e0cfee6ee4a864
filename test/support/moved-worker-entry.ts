// The Worker with a clock that its test moves, as an entry for buildWorker: everything else is the Worker's own.

import type { Env } from '../../src/env.ts'
import { createApp } from '../../src/http/app.ts'

export { ClientSessions } from '../../src/client-object/client-sessions.ts'
export { TeamDirectory } from '../../src/team/team-directory.ts'

let now = 0

const app = createApp({
  clock: { now: () => now },
  newId: () => crypto.randomUUID(),
  fetch: (url, init) => fetch(url, init),
})

/** PUT /clock sets the time at the door, in epoch milliseconds. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method !== 'PUT') return app.fetch(request, env)
    now = Number(await request.text())
    return new Response()
  },
}
