// The way of update_session_state and save_context: conflict, combining, size, one new revision, and what it answers.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { ResultOf } from '../protocol/command.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { CommandNamed } from '../protocol/registry.ts'
import type { SessionRow } from '../storage/sessions.ts'
import { expectation, reopened } from './acknowledged.ts'
import { applyChanges, combined, echo, type Mode } from './change-state.ts'
import { keepAsCopy } from './conflict-copy.ts'
import { type Context, updateFields } from './context.ts'
import { type ImageParameters, imageChanges } from './image.ts'
import { manifestOf } from './manifest.ts'
import { recoveredFrom } from './read-state.ts'
import { originsAfter } from './registry-epoch.ts'
import { bytesOf, hasRoom } from './room.ts'
import type { Given } from './state.ts'
import { contents, effective, fits } from './write-revision.ts'

export type Change = ImageParameters & {
  readonly given: Given
  readonly mode?: Mode | undefined
  readonly if_revision?: number | undefined
  readonly on_conflict?: 'error' | 'copy' | undefined
  readonly label?: string | undefined
  /** Another name; absent keeps the one it has. */
  readonly name?: string | undefined
  readonly cause: string
}

/** Changes an active session, or keeps a change that lost against `if_revision` as a copy. */
export function makeChange(
  context: Context,
  session: SessionRow,
  change: Change
): Outcome<ResultOf<CommandNamed<'update_session_state'>>, Failure> {
  const { store, limits } = context
  const { given, mode } = change
  const { if_revision, on_conflict } = expectation(context, change)
  if (if_revision !== undefined && if_revision !== session.revision) {
    if (on_conflict === 'copy') return keepAsCopy(context, session, { ...change, if_revision })
    return conflict(session, if_revision)
  }
  const manifest = manifestOf(store, session.number, session.revision)
  const wanted = combined(context, session, manifest, given, mode)
  if (!wanted.ok) return wanted
  const changes = effective(store, session, manifest, contents(wanted.value.texts))
  const size = fits(manifest, changes, limits, session.session_id)
  if (!size.ok) return size
  const room = hasRoom(context, bytesOf(changes))
  if (!room.ok) return room

  const image = imageChanges(session, change)
  const reopening = reopened(session, context)
  if (Object.keys(reopening).length > 0) store.sessions.change(session.number, reopening)
  const name =
    change.name === undefined || change.name === session.name ? {} : { name: change.name }
  const isToldOf = image.image_id !== undefined || name.name !== undefined
  const columns = {
    ...image,
    ...name,
    ...(isToldOf && { sequence: session.sequence + 1 }),
  }
  const { image_id } = { ...session, ...image }
  const after = { ...wanted.value, image_id, manifest, given, mode }
  const updated = applyChanges(context, { ...session, ...reopening }, manifest, changes, columns, {
    ...change,
    origins: originsAfter(context, session, after),
  })
  const sessionState = echo(context, updated.session, manifest, changes)
  return succeed({
    ...updateFields(updated.session, { ...updated, sessionState }, context),
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
