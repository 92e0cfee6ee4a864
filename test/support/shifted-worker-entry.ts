// The Worker on a machine whose clock its test moves, objects and all: everything else is the Worker's own.

import type { Env } from '../../src/env.ts'
import worker from '../../src/index.ts'

export { ClientSessions } from '../../src/client-object/client-sessions.ts'
export { TeamDirectory } from '../../src/team/team-directory.ts'

const machine = Date.now.bind(Date)
let ahead = 0
Date.now = () => machine() + ahead

/** PUT /clock says how many milliseconds the clock is ahead of the machine's. */
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    if (request.method !== 'PUT') return worker.fetch(request, env, context)
    ahead = Number(await request.text())
    return new Response()
  },
}
