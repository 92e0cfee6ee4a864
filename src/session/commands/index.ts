// The handler of every command that a client's object answers.

import type { Handlers } from '../context.ts'
import { closeSession } from './close-session.ts'
import { createSession } from './create-session.ts'
import { getSessionInfo } from './get-session-info.ts'
import { listClientSessions } from './list-client-sessions.ts'
import { listSessionRevisions } from './list-session-revisions.ts'
import { restoreSession } from './restore-session.ts'
import { revertSession } from './revert-session.ts'
import { updateSessionState } from './update-session-state.ts'

export const HANDLERS: Handlers = {
  create_session: createSession,
  restore_session: restoreSession,
  update_session_state: updateSessionState,
  close_session: closeSession,
  get_session_info: getSessionInfo,
  list_client_sessions: listClientSessions,
  list_session_revisions: listSessionRevisions,
  revert_session: revertSession,
}
