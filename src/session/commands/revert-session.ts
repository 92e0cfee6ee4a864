// revert_session: an earlier state as a new revision; what it replaces stays in the history.

import { succeed } from '../../outcome.ts'
import type { Component } from '../../protocol/components.ts'
import { applyChanges, echo } from '../change-state.ts'
import { findActive, type Handler, updateFields } from '../context.ts'
import { revertLabel } from '../kept-revisions.ts'
import { componentsOf, keptManifest, manifestOf } from '../manifest.ts'
import { readState } from '../read-state.ts'
import { type Origins, originsAt } from '../registry-epoch.ts'
import { bytesOf, hasRoom } from '../room.ts'
import { type Content, contents, effective } from '../write-revision.ts'

export const revertSession: Handler<'revert_session'> = (parameters, context) => {
  const { store } = context
  const found = findActive(context, parameters.session_id)
  if (!found.ok) return found
  const session = found.value
  const earlier = keptManifest(store, session, parameters.revision)
  if (!earlier.ok) return earlier
  const manifest = manifestOf(store, session.number, session.revision)
  const state = readState(store, session, earlier.value)
  if (!state.ok) return state
  const recovered = Object.keys(state.value.recovered)
  if (recovered.length > 0) {
    context.warn(
      `Damaged at revision ${parameters.revision} and taken from earlier revisions: ${recovered.join(', ')}.`
    )
  }

  const wanted = new Map<Component, Content | null>(contents(state.value.texts))
  for (const component of componentsOf(manifest)) {
    if (!wanted.has(component)) wanted.set(component, null)
  }
  const changes = effective(store, session, manifest, wanted)
  const room = hasRoom(context, bytesOf(changes))
  if (!room.ok) return room
  const { recovered: from } = state.value
  const origins = originsOf(changes, originsAt(store, session.number, earlier.value, from))
  const reverted = applyChanges(
    context,
    session,
    manifest,
    changes,
    {},
    {
      cause: 'revert_session',
      label: parameters.label,
      ownLabel: revertLabel(parameters.revision),
      origins,
    }
  )
  const sessionState = echo(context, reverted.session, manifest, changes)
  context.audit({ detail: { reverted_to: parameters.revision } })
  return succeed({
    ...updateFields(reverted.session, { ...reverted, sessionState }, context),
    reverted_to: parameters.revision,
  })
}

/** Of texts that come back; one that is still there keeps its note. */
function originsOf(changes: ReadonlyMap<string, unknown>, origins: Origins): Origins {
  return Object.fromEntries(Object.entries(origins).filter(([name]) => changes.has(name)))
}
