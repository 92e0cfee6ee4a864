// restore_session: the whole state, verified. What had to be repaired becomes a revision of its own.

import { isoTime } from '../../clock.ts'
import type { Outcome } from '../../outcome.ts'
import { succeed } from '../../outcome.ts'
import type { Component } from '../../protocol/components.ts'
import { type Failure, fail } from '../../protocol/failures.ts'
import type { SessionChange, SessionRow } from '../../storage/sessions.ts'
import {
  type Context,
  findSession,
  type Handler,
  sessionFields,
  unset,
  usedLast,
} from '../context.ts'
import { imageFields } from '../image.ts'
import { warnIfOrphaned } from '../images.ts'
import { leased, repaired } from '../looking.ts'
import { keptManifest } from '../manifest.ts'
import { readState, recoveredFrom, type State } from '../read-state.ts'
import { staleness } from '../staleness.ts'
import { asRestore } from '../usage.ts'

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
  if (Object.keys(change).length > 0) {
    store.sessions.change(found.value.number, asRestore(found.value, change, 'restore_session'))
    const repairs = Object.keys(state.value.recovered).length
    context.audit({
      action: change.status === 'active' ? 'session_revived' : 'session_restored',
      ...(repairs > 0 && { detail: { repairs } }),
    })
  }
  const session = { ...found.value, ...change }
  warnIfOrphaned(context, session)
  return succeed({
    ...sessionFields(session, context),
    ...stateFields(state.value),
    client_specific_data: true,
    name: session.name,
    revision: isNewest ? session.revision : revision,
    expires_at: isoTime(session.expires_at),
    ...imageFields(session),
    ...staleness(context, session, manifest, state.value),
    ...recoveredFrom(state.value.recovered),
  })
}

/** The session that was named, or the one of the client that was used last. */
function wanted(parameters: Asked, { store, now }: Context): Outcome<SessionRow, Failure> {
  if (parameters.session_id !== undefined) return findSession(store, parameters.session_id)
  const kept = usedLast(store, now, parameters.image_id)
  return kept === undefined ? fail({ reason: 'session_not_found' }) : succeed(kept)
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
