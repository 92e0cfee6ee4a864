// Every command that is served, in the order of the specification. A new command is one file and one line here.

import { cleanupImageSessions } from './cleanup-image-sessions.ts'
import { clearContext } from './clear-context.ts'
import { closeSession } from './close-session.ts'
import { createSession } from './create-session.ts'
import { describe } from './describe.ts'
import { diffSessionRevisions } from './diff-session-revisions.ts'
import { exportSession } from './export-session.ts'
import { getAuditLog } from './get-audit-log.ts'
import { getBridgeStatus } from './get-bridge-status.ts'
import { getContextSummary } from './get-context-summary.ts'
import { getEvents } from './get-events.ts'
import { getImageConnectionStatus } from './get-image-connection-status.ts'
import { getImageSessionStats } from './get-image-session-stats.ts'
import { getMintKey } from './get-mint-key.ts'
import { getSessionInfo } from './get-session-info.ts'
import { getSessionStatistics } from './get-session-statistics.ts'
import { importSession } from './import-session.ts'
import { listClientSessions } from './list-client-sessions.ts'
import { listImageSessions } from './list-image-sessions.ts'
import { listSessionRevisions } from './list-session-revisions.ts'
import { loadContext } from './load-context.ts'
import { ping } from './ping.ts'
import { renewSession } from './renew-session.ts'
import { reportBridgeStatus } from './report-bridge-status.ts'
import { reportImageStatus } from './report-image-status.ts'
import { restoreSession } from './restore-session.ts'
import { revertSession } from './revert-session.ts'
import { saveContext } from './save-context.ts'
import { switchImageContext } from './switch-image-context.ts'
import { updateSessionState } from './update-session-state.ts'
import { validateFeatureAccess } from './validate-feature-access.ts'

export const COMMANDS = [
  createSession,
  restoreSession,
  updateSessionState,
  renewSession,
  closeSession,
  getSessionInfo,
  listClientSessions,
  getSessionStatistics,
  listSessionRevisions,
  revertSession,
  diffSessionRevisions,
  saveContext,
  loadContext,
  getContextSummary,
  clearContext,
  listImageSessions,
  getImageSessionStats,
  cleanupImageSessions,
  switchImageContext,
  getImageConnectionStatus,
  reportImageStatus,
  reportBridgeStatus,
  getBridgeStatus,
  exportSession,
  importSession,
  getAuditLog,
  getEvents,
  getMintKey,
  validateFeatureAccess,
  describe,
  ping,
] as const
