// What restore_session and load_context share: renewing the lease, and writing down what had to be repaired.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { Component } from '../protocol/components.ts'
import type { Failure } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { SessionChange, SessionRow } from '../storage/sessions.ts'
import type { Context } from './context.ts'
import type { Manifest } from './manifest.ts'
import { noteInspectors } from './note-origins.ts'
import type { State } from './read-state.ts'
import { originsAt } from './registry-epoch.ts'
import {
  isWorthRenewing,
  mayOpenAnother,
  renewedLease,
  requireActive,
  revived,
  statusAt,
} from './rules.ts'
import { contents, writeRevision } from './write-revision.ts'

/** The renewed lease of an active session, or of one that may be made active again. */
export function leased(
  session: SessionRow,
  mayRevive: boolean,
  { store, limits, now }: Context
): Outcome<SessionChange, Failure> {
  if (!mayRevive || statusAt(session, now) === 'active') {
    const active = requireActive(session, now, limits)
    if (!active.ok) return active
    const isUsedLast = session.last_activity === store.sessions.lastActivity()
    return succeed(isUsedLast && !isWorthRenewing(session, now) ? {} : renewedLease(session, now))
  }
  const room = mayOpenAnother(store.sessions.active(now), limits)
  return room.ok ? succeed(revived(session, now)) : room
}

/** Writes repaired texts as a new revision, so that history may forget the damaged ones. */
export function repaired(
  session: SessionRow,
  manifest: Manifest,
  state: State,
  context: Context
): SessionChange {
  const healed = new Map<Component, JsonText>(
    [...state.texts].filter(([component]) => component in state.recovered)
  )
  if (healed.size === 0) return {}
  context.warn(`Repaired from earlier revisions: ${[...healed.keys()].join(', ')}.`)
  const changes = contents(healed)
  const origins = originsAt(context.store, session.number, {}, state.recovered)
  const { changed: _, ...written } = writeRevision(context, session, manifest, changes, {
    cause: 'repair',
    origin: origins.object_registry,
  })
  noteInspectors(context, session, written.revision, changes, origins)
  return { ...written, last_modified: context.now }
}
