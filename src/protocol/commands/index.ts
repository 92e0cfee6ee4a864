// Every command that is served, in the order of the specification. A new command is one file and one line here.

import { closeSession } from './close-session.ts'
import { createSession } from './create-session.ts'
import { describe } from './describe.ts'
import { getSessionInfo } from './get-session-info.ts'
import { getSessionStatistics } from './get-session-statistics.ts'
import { listClientSessions } from './list-client-sessions.ts'
import { listSessionRevisions } from './list-session-revisions.ts'
import { ping } from './ping.ts'
import { restoreSession } from './restore-session.ts'
import { revertSession } from './revert-session.ts'
import { updateSessionState } from './update-session-state.ts'
import { validateFeatureAccess } from './validate-feature-access.ts'

export const COMMANDS = [
  createSession,
  restoreSession,
  updateSessionState,
  closeSession,
  getSessionInfo,
  listClientSessions,
  getSessionStatistics,
  listSessionRevisions,
  revertSession,
  validateFeatureAccess,
  describe,
  ping,
] as const
