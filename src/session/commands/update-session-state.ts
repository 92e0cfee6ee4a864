// update_session_state: replaces or merges components in one new revision, or keeps a lost change as a copy.

import { findForChange } from '../acknowledged.ts'
import type { Handler } from '../context.ts'
import { makeChange } from '../make-change.ts'
import { givenState } from '../state.ts'

export const updateSessionState: Handler<'update_session_state'> = (parameters, context) => {
  const found = findForChange(context, parameters.session_id)
  if (!found.ok) return found
  const given = givenState(parameters, context.warn)
  if (!given.ok) return given
  const cause = 'update_session_state'
  return makeChange(context, found.value, { ...parameters, given: given.value, cause })
}
