// update_session_state: replaces or merges components in one new revision, or keeps a lost change as a copy.

import { succeed } from '../../outcome.ts'
import { fail } from '../../protocol/failures.ts'
import type { SessionRow } from '../../storage/sessions.ts'
import { applyChanges, combined, echo } from '../change-state.ts'
import { keepAsCopy } from '../conflict-copy.ts'
import { findActive, type Handler, updateFields } from '../context.ts'
import { imageChanges } from '../image.ts'
import { manifestOf } from '../manifest.ts'
import { recoveredFrom } from '../read-state.ts'
import { givenState } from '../state.ts'
import { contents, effective, fits } from '../write-revision.ts'

export const updateSessionState: Handler<'update_session_state'> = (parameters, context) => {
  const { store, limits } = context
  const found = findActive(context, parameters.session_id)
  if (!found.ok) return found
  const session = found.value
  const given = givenState(parameters)
  if (!given.ok) return given
  const { if_revision, on_conflict, mode } = parameters
  if (if_revision !== undefined && if_revision !== session.revision) {
    if (on_conflict === 'copy') {
      return keepAsCopy(context, session, { ...parameters, if_revision, given: given.value })
    }
    return conflict(session, if_revision)
  }
  const manifest = manifestOf(store, session.number, session.revision)
  const wanted = combined(context, session, manifest, given.value, mode)
  if (!wanted.ok) return wanted
  const changes = effective(store, session, manifest, contents(wanted.value.texts))
  const size = fits(manifest, changes, limits, session.session_id)
  if (!size.ok) return size

  const image = imageChanges(session, parameters)
  const updated = applyChanges(context, session, manifest, changes, {
    ...image,
    ...(image.image_id !== undefined && { sequence: session.sequence + 1 }),
  })
  return succeed({
    ...updateFields(
      updated.session,
      { ...updated, sessionState: echo(context, updated.session, manifest, changes) },
      context
    ),
    ...recoveredFrom(wanted.value.recovered),
  })
}

function conflict(session: SessionRow, if_revision: number) {
  return fail({
    reason: 'revision_conflict',
    session_id: session.session_id,
    if_revision,
    current_revision: session.revision,
  })
}
