// clear_context: components taken away in one new revision; the one before it stays in the history.

import { succeed } from '../../outcome.ts'
import type { Component } from '../../protocol/components.ts'
import { applyChanges, echo } from '../change-state.ts'
import { findActive, type Handler, updateFields } from '../context.ts'
import { componentsOf, manifestOf } from '../manifest.ts'

export const clearContext: Handler<'clear_context'> = (parameters, context) => {
  const found = findActive(context, parameters.session_id)
  if (!found.ok) return found
  const session = found.value
  const manifest = manifestOf(context.store, session.number, session.revision)
  const set = componentsOf(manifest)
  const asked = parameters.components ?? set
  const changes = new Map<Component, null>(
    set.filter((name) => asked.includes(name)).map((name) => [name, null])
  )

  const why = { cause: 'clear_context' }
  const cleared = applyChanges(context, session, manifest, changes, {}, why)
  const sessionState = echo(context, cleared.session, manifest, changes)
  return succeed(updateFields(cleared.session, { ...cleared, sessionState }, context))
}
