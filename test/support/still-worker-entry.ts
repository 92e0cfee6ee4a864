// The Worker on a clock that stands still, as an entry for buildWorker: the machine's own clock is taken away from the door
// and from the objects alike. It stands far ahead, so that no alarm goes off behind a test's back.

import type { Env } from '../../src/env.ts'
import worker from '../../src/index.ts'

export { ClientSessions, TeamDirectory } from '../../src/index.ts'

let now = Date.UTC(2040, 0, 1, 9, 0, 0)

Date.now = () => now

/** PUT moves the clock by so many milliseconds, and answers with the time that it is then. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method !== 'PUT') return worker.fetch(request, env)
    now += Number(await request.text())
    return new Response(String(now))
  },
}
