// restore_session: the whole state, verified. What had to be repaired becomes a revision of its own.

import { isoTime } from '../../clock.ts'
import type { Outcome } from '../../outcome.ts'
import { succeed } from '../../outcome.ts'
import type { Component } from '../../protocol/components.ts'
import { type Failure, fail } from '../../protocol/failures.ts'
import type { JsonText } from '../../protocol/json-text.ts'
import type { SessionChange, SessionRow } from '../../storage/sessions.ts'
import { type Context, findSession, type Handler, sessionFields, unset } from '../context.ts'
import { imageFields } from '../image.ts'
import { keptManifest, type Manifest } from '../manifest.ts'
import { readState, recoveredFrom, type State } from '../read-state.ts'
import {
  isWorthRenewing,
  mayOpenAnother,
  renewedLease,
  requireActive,
  revived,
  statusAt,
} from '../rules.ts'
import { contents, writeRevision } from '../write-revision.ts'

type Asked = Parameters<Handler<'restore_session'>>[0]

export const restoreSession: Handler<'restore_session'> = (parameters, context) => {
  const { store } = context
  const found = wanted(parameters, context)
  if (!found.ok) return found
  const lease = leased(found.value, parameters.revive ?? false, context)
  if (!lease.ok) return lease
  const revision = parameters.revision ?? found.value.revision
  const kept = keptManifest(store, found.value, revision)
  if (!kept.ok) return kept
  const manifest = kept.value
  const state = readState(store, found.value, manifest)
  if (!state.ok) return state

  const isNewest = revision === found.value.revision
  const repair = isNewest ? repaired(found.value, manifest, state.value, context) : {}
  const change: SessionChange = { ...lease.value, ...repair }
  if (Object.keys(change).length > 0) store.sessions.change(found.value.number, change)
  const session = { ...found.value, ...change }
  return succeed({
    ...sessionFields(session, context),
    ...stateFields(state.value),
    client_specific_data: true,
    name: session.name,
    revision: isNewest ? session.revision : revision,
    expires_at: isoTime(session.expires_at),
    ...imageFields(session),
    ...recoveredFrom(state.value.recovered),
  })
}

/** The session that was named, or the one of the client that was used last. */
function wanted(parameters: Asked, { store, now }: Context): Outcome<SessionRow, Failure> {
  if (parameters.session_id !== undefined) return findSession(store, parameters.session_id)
  const query = { now, image_id: parameters.image_id, after: undefined, limit: 1 }
  const active = store.sessions.page({ ...query, include: 'active' })[0]
  if (active !== undefined) return succeed(active)
  const kept = store.sessions.page({ ...query, include: 'all' })[0]
  return kept === undefined ? fail({ reason: 'session_not_found' }) : succeed(kept)
}

/** The renewed lease of an active session, or of one that may be made active again. */
function leased(
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
function repaired(
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
  const { changed: _, ...written } = writeRevision(context, session, manifest, contents(healed), {
    cause: 'repair',
  })
  return { ...written, last_modified: context.now }
}

function stateFields({ texts }: State) {
  const text = (component: Component) => texts.get(component) ?? unset(component)
  return {
    session_state: text('session_state'),
    workspace_context: text('workspace_context'),
    inspector_state: text('inspector_state'),
    object_registry: text('object_registry'),
    user_preferences: text('user_preferences'),
    evaluation_history: text('evaluation_history'),
  }
}
