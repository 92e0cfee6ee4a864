// Who may see the sessions of all clients of a team, and clean up for them.

import { type Outcome, succeed } from '../outcome.ts'
import type { Caller } from '../protocol/call.ts'
import { type Failure, fail } from '../protocol/failures.ts'

/** Refuses everybody but an admin whose credentials cover every client of the team. */
export function mayAskForTeam({ role, client_ids }: Caller): Outcome<undefined, Failure> {
  if (role === 'admin' && client_ids.length === 0) return succeed(undefined)
  return fail({ reason: 'forbidden', detail: 'scope team is for admins of the whole team' })
}

/** As whom somebody is told of images: a member by their own bridges, an admin of the whole team by all. */
export function viewerOf(caller: Caller): string | undefined {
  return mayAskForTeam(caller).ok ? undefined : caller.subject
}
