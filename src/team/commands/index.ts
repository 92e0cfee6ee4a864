// The handler of every command that a team's directory answers.

import type { TeamHandlers } from '../context.ts'
import { getSessionStatistics } from './get-session-statistics.ts'

export const TEAM_HANDLERS: TeamHandlers = {
  get_session_statistics: getSessionStatistics,
}
