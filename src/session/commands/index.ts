// The handler of every command that a client's object answers.

import type { Handlers } from '../context.ts'
import { cleanupImageSessions } from './cleanup-image-sessions.ts'
import { clearContext } from './clear-context.ts'
import { closeSession } from './close-session.ts'
import { createSession } from './create-session.ts'
import { diffSessionRevisions } from './diff-session-revisions.ts'
import { exportSession } from './export-session.ts'
import { getAuditLog } from './get-audit-log.ts'
import { getContextSummary } from './get-context-summary.ts'
import { getEvents } from './get-events.ts'
import { getImageSessionStats } from './get-image-session-stats.ts'
import { getMintKey } from './get-mint-key.ts'
import { getSessionInfo } from './get-session-info.ts'
import { importSession } from './import-session.ts'
import { listClientSessions } from './list-client-sessions.ts'
import { listImageSessions } from './list-image-sessions.ts'
import { listSessionRevisions } from './list-session-revisions.ts'
import { loadContext } from './load-context.ts'
import { renewSession } from './renew-session.ts'
import { restoreSession } from './restore-session.ts'
import { revertSession } from './revert-session.ts'
import { saveContext } from './save-context.ts'
import { switchImageContext } from './switch-image-context.ts'
import { updateSessionState } from './update-session-state.ts'

export const HANDLERS: Handlers = {
  create_session: createSession,
  restore_session: restoreSession,
  update_session_state: updateSessionState,
  renew_session: renewSession,
  close_session: closeSession,
  get_session_info: getSessionInfo,
  list_client_sessions: listClientSessions,
  list_session_revisions: listSessionRevisions,
  revert_session: revertSession,
  diff_session_revisions: diffSessionRevisions,
  save_context: saveContext,
  load_context: loadContext,
  get_context_summary: getContextSummary,
  clear_context: clearContext,
  list_image_sessions: listImageSessions,
  get_image_session_stats: getImageSessionStats,
  cleanup_image_sessions: cleanupImageSessions,
  switch_image_context: switchImageContext,
  get_events: getEvents,
  get_audit_log: getAuditLog,
  get_mint_key: getMintKey,
  export_session: exportSession,
  import_session: importSession,
}
