// A client's preferences: a new session begins with those of the session that the client changed last; what is saved in it
// from then on is its own (requirement M-241).

import { SESSION_BYTES } from '../storage/sessions.ts'
import type { Context } from './context.ts'
import { EMPTY_MANIFEST, manifestOf } from './manifest.ts'
import { readState } from './read-state.ts'
import { bytesOf, hasRoom } from './room.ts'
import { type Changes, contents, fits } from './write-revision.ts'

export const NOTHING_INHERITED: Changes = new Map()

/** Sessions that are looked at, the one changed last first. */
const MOST_LOOKED_AT = 20

/**
 * What a new session begins with beside what it brings. Nothing where it brings preferences itself, where they would make it
 * too large, where a bridge has acknowledged it without them, and in a copy of the client's sessions, which may not know the
 * newest.
 */
export function inherited(own: Changes, context: Context): Changes {
  const { store, acknowledged, isCopy } = context
  if (own.has('user_preferences') || acknowledged !== undefined || isCopy) return NOTHING_INHERITED
  for (const session of store.sessions.changedLast(MOST_LOOKED_AT)) {
    const manifest = manifestOf(store, session.number, session.revision)
    if (manifest.user_preferences === undefined) continue
    const state = readState(store, session, manifest, ['user_preferences'])
    if (!state.ok) continue
    const begun = contents(state.value.texts)
    return hasPlace(own, begun, context) ? begun : NOTHING_INHERITED
  }
  return NOTHING_INHERITED
}

/** What nobody asked for is no reason to refuse a session. */
function hasPlace(own: Changes, begun: Changes, context: Context): boolean {
  const changes = new Map([...own, ...begun])
  const isSmall = fits(EMPTY_MANIFEST, changes, context.limits, '').ok
  return isSmall && hasRoom(context, bytesOf(changes) + SESSION_BYTES).ok
}
