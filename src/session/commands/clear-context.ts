// clear_context: components taken away in one new revision; the one before it stays in the history.

import { succeed } from '../../outcome.ts'
import { COMPONENTS, type Component } from '../../protocol/components.ts'
import { expectation, findForChange, reopened } from '../acknowledged.ts'
import { applyChanges, echo } from '../change-state.ts'
import { keepAsCopy } from '../conflict-copy.ts'
import { type Handler, updateFields } from '../context.ts'
import { componentsOf, manifestOf } from '../manifest.ts'

export const clearContext: Handler<'clear_context'> = (parameters, context) => {
  const { store } = context
  const found = findForChange(context, parameters.session_id)
  if (!found.ok) return found
  const session = found.value
  const asked = parameters.components ?? COMPONENTS
  const why = { cause: 'clear_context' }
  const { if_revision } = expectation(context, {})
  if (if_revision !== undefined && if_revision !== session.revision) {
    return keepAsCopy(context, session, { ...why, given: new Map(), cleared: asked, if_revision })
  }
  const reopening = reopened(session, context)
  if (Object.keys(reopening).length > 0) store.sessions.change(session.number, reopening)
  const manifest = manifestOf(store, session.number, session.revision)
  const changes = new Map<Component, null>(
    componentsOf(manifest)
      .filter((name) => asked.includes(name))
      .map((name) => [name, null])
  )
  const cleared = applyChanges(context, { ...session, ...reopening }, manifest, changes, {}, why)
  const sessionState = echo(context, cleared.session, manifest, changes)
  return succeed(updateFields(cleared.session, { ...cleared, sessionState }, context))
}
