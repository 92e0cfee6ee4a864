// The Worker: its door and its two kinds of object. Read this first; data flows one way:
// http → client object → session → storage.

import { systemClock } from './clock.ts'
import { createApp } from './http/app.ts'

export { ClientSessions } from './client-object/client-sessions.ts'
export { TeamDirectory } from './team/team-directory.ts'

export default createApp({
  clock: systemClock,
  newId: () => crypto.randomUUID(),
  fetch: (url, init) => fetch(url, init),
})
