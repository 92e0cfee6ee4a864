// The list for programs: the facts as the service told them, grouped as people see them. What a terminal may act on is
// escaped, so that it may be printed on one.

import { isoTime } from '../../src/clock.ts'
import type { Group } from '../../src/panel/view/groups.ts'
import type { Session } from '../../src/panel/view/listed.ts'
import type { Bridges } from './bridge-text.ts'
import { harmlessJson } from './harmless.ts'

/** What a line of `--watch --json` is that holds the whole list. */
const LISTED = 'sessions.listed'

/** The whole list, in one line; `isEvent` makes it one among events. */
export function listJson(
  groups: readonly Group[],
  now: number,
  bridges: Bridges,
  isEvent = false
): string {
  const told = groups.map(({ image_id, image, sessions }) => ({
    image_id,
    image: image ?? null,
    sessions: sessions.map((session) => sessionJson(session, now)),
  }))
  const type = isEvent ? { type: LISTED } : {}
  return `${harmlessJson({ ...type, as_of: isoTime(now), groups: told, bridges: [...bridges.values()].flat() })}\n`
}

/** Why there is no list. */
export function refusalJson(sentence: string): string {
  return `${harmlessJson({ error: sentence })}\n`
}

/** An event as the service told it. */
export function eventJson(text: string): string {
  return `${harmlessJson(JSON.parse(text))}\n`
}

/** With the time at which the lease ends, and what is left of it now. */
function sessionJson({ expires_at, ...session }: Session, now: number) {
  const time_until_expiry =
    session.status === 'active' ? Math.max(0, Math.floor((expires_at - now) / 1000)) : 0
  return { ...session, time_until_expiry, expires_at: isoTime(expires_at) }
}
