// The handler of every command that a team's directory answers.

import type { TeamHandlers } from '../context.ts'
import { getBridgeStatus } from './get-bridge-status.ts'
import { getImageConnectionStatus } from './get-image-connection-status.ts'
import { getImageSessionStats } from './get-image-session-stats.ts'
import { getSessionStatistics } from './get-session-statistics.ts'
import { listImageSessions } from './list-image-sessions.ts'
import { reportBridgeStatus } from './report-bridge-status.ts'
import { reportImageStatus } from './report-image-status.ts'

export const TEAM_HANDLERS: TeamHandlers = {
  get_session_statistics: getSessionStatistics,
  list_image_sessions: listImageSessions,
  get_image_session_stats: getImageSessionStats,
  get_image_connection_status: getImageConnectionStatus,
  report_image_status: reportImageStatus,
  report_bridge_status: reportBridgeStatus,
  get_bridge_status: getBridgeStatus,
}
