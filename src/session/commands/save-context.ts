// save_context: components by name in one new revision; history grows. Conflicts are settled as for an update.

import { findForChange } from '../acknowledged.ts'
import type { Handler } from '../context.ts'
import { makeChange } from '../make-change.ts'
import { savedComponents } from '../saved-components.ts'

export const saveContext: Handler<'save_context'> = (parameters, context) => {
  const found = findForChange(context, parameters.session_id)
  if (!found.ok) return found
  const given = savedComponents(parameters.components, context.warn)
  if (!given.ok) return given
  const { if_revision, on_conflict, label } = parameters
  return makeChange(context, found.value, {
    given: given.value,
    mode: 'append',
    cause: 'save_context',
    if_revision,
    on_conflict,
    label,
  })
}
