// Finds the directory of a team: the one place that names its binding and casts its stub.

import type { Env } from '../env.ts'
import type { Answering } from '../protocol/call.ts'
import type { Report } from './report.ts'

export type TeamStub = Answering & { report(report: Report): Promise<void> }

/** The directory of a team. */
export function teamDirectory(env: Env, team: string): TeamStub {
  return env.TEAMS.getByName(team) as unknown as TeamStub
}
