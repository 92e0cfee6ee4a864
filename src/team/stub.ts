// Finds the directory of a team: the one place that names its binding and casts its stub.

import type { Env } from '../env.ts'
import { type Opening, openingRequest } from '../events/watch.ts'
import type { KnownImage, WantedImages } from '../image/record.ts'
import type { Answering } from '../protocol/call.ts'
import type { Report, ReportAnswer } from './report.ts'

export type TeamStub = Answering & {
  report(report: Report): Promise<ReportAnswer>
  /** What is known of these images, each of them, and of others. */
  imagesOf(wanted: WantedImages): Promise<readonly KnownImage[]>
  /** Clients with an active or expired session on the image, in order, from behind `after`. */
  clientsOf(image_id: string, after: string, limit: number): Promise<readonly string[]>
}

/** The directory of a team. */
export function teamDirectory(env: Env, team: string): TeamStub {
  return env.TEAMS.getByName(team) as unknown as TeamStub
}

/** Opens a socket to the directory of the caller's team, for somebody whom the door has let in. */
export function watchTeam(env: Env, opening: Opening): Promise<Response> {
  return env.TEAMS.getByName(opening.watch.team).fetch(openingRequest(opening))
}
