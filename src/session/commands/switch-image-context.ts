// switch_image_context: a session goes on in another image. What it was before stays in the history under a name.

import type { Outcome } from '../../outcome.ts'
import { succeed } from '../../outcome.ts'
import { type Failure, fail } from '../../protocol/failures.ts'
import { MAX_MISSING_CLASSES, MAX_NAME_LENGTH } from '../../protocol/limits.ts'
import type { SessionRow } from '../../storage/sessions.ts'
import { applyChanges } from '../change-state.ts'
import { activeOn, type Context, findActive, type Handler, usedLast } from '../context.ts'
import { type ImageParameters, imageChanges, imageFields, NO_IMAGE } from '../image.ts'
import { knownImages } from '../images.ts'
import { isNamed, moveLabel } from '../kept-revisions.ts'
import { componentsOf, manifestOf } from '../manifest.ts'
import { moveReport } from '../move-report.ts'
import { originsAfterMove } from '../registry-epoch.ts'
import { isAnothers } from '../whose.ts'

type Asked = Parameters<Handler<'switch_image_context'>>[0]

export const switchImageContext: Handler<'switch_image_context'> = (parameters, context) => {
  const { from_image_id, to_image_id, preserve_context = true, dry_run = false } = parameters
  const found = toBeMoved(parameters, context)
  if (!found.ok) return found
  if (!preserve_context && isAnothers(context)) {
    return fail({ reason: 'forbidden', detail: 'only its owner may leave the context behind' })
  }
  const session = found.value
  const manifest = manifestOf(context.store, session.number, session.revision)
  const components = moveReport(context.store, session, manifest, preserve_context)
  const image = imageChanges(session, targetImage(to_image_id, context))
  const answer = {
    from_image_id,
    to_image_id,
    session_id: session.session_id,
    client_id: context.client_id,
    context_preserved: preserve_context,
    dry_run,
    components,
    ...missing(context, to_image_id),
  }
  const snapshot = { snapshot_revision: session.revision, ...imageFields({ ...session, ...image }) }
  if (dry_run) return succeed({ ...answer, revision: session.revision, ...snapshot })

  const dropped = preserve_context ? [] : componentsOf(manifest)
  const { store } = context
  const before = store.revisions.find(session.number, session.revision)
  if (before !== undefined && !isNamed(before)) {
    store.revisions.name(session.number, session.revision, cut(`before ${to_image_id}`))
  }
  const moved = applyChanges(
    context,
    session,
    manifest,
    new Map(dropped.map((name) => [name, null])),
    { ...image, sequence: session.sequence + 1 },
    {
      cause: 'switch_image_context',
      ownLabel: cut(moveLabel(from_image_id, to_image_id)),
      origins: originsAfterMove(context, session, manifest, to_image_id),
    }
  )
  context.audit({ action: 'image_switched', detail: { from_image_id, to_image_id } })
  context.warn(
    `revert_session brings components back, not the image: ${
      from_image_id === ''
        ? 'update_session_state with an empty image_id takes that away'
        : 'switch_image_context the other way does that'
    }.`
  )
  return succeed({ ...answer, revision: moved.session.revision, ...snapshot })
}

/** The active session that is meant, if it works on the image that it is to leave. */
function toBeMoved(parameters: Asked, context: Context): Outcome<SessionRow, Failure> {
  const { from_image_id, to_image_id, session_id } = parameters
  if (from_image_id === to_image_id) return wrong('to_image_id', 'it is the image to be left')
  if (session_id === undefined) return usedLastOn(from_image_id, context)
  const found = findActive(context, session_id)
  if (!found.ok || found.value.image_id === from_image_id) return found
  const { image_id } = found.value
  return wrong(
    'from_image_id',
    image_id === '' ? 'the session has no image' : `the session works on ${image_id}`
  )
}

function usedLastOn(image_id: string, { store, now }: Context): Outcome<SessionRow, Failure> {
  const session = activeOn(store, now, image_id)
  return session === undefined ? fail({ reason: 'session_not_found' }) : succeed(session)
}

/** The image as the directory has it, or as the client's own session on it that was used last; else all is empty. */
function targetImage(image_id: string, context: Context): ImageParameters {
  const image = knownImages(context, [image_id]).get(image_id)
  const isReported = image !== undefined && image.reported_status !== 'Unknown'
  if (context.images !== undefined && !isReported) {
    context.warn(`No bridge has reported the image ${image_id}: check its id.`)
  }
  if (!isReported) return asUsed(image_id, context)
  const { image_address, image_name, image_version, image_metadata } = image
  return { image_id, image_address, image_name, image_version, image_metadata }
}

/** The classes that the context names and the image lacks; nothing while nobody knows what it has. */
function missing({ images }: Context, to_image_id: string) {
  const target = images?.find(({ image_id }) => image_id === to_image_id)
  const names = target?.missing_classes
  if (names === undefined) return {}
  return {
    missing_classes: names.slice(0, MAX_MISSING_CLASSES),
    missing_class_count: names.length,
  }
}

/** The image as the client's own sessions name it. */
function asUsed(image_id: string, { store, now }: Context): ImageParameters {
  return { ...imageFields(usedLast(store, now, image_id) ?? NO_IMAGE), image_id }
}

/** A label is no longer than a client may give one, and is not cut through a character. */
function cut(label: string): string {
  return label.slice(0, MAX_NAME_LENGTH).replace(/[\ud800-\udbff]$/, '')
}

function wrong(path: string, detail: string) {
  return fail({ reason: 'invalid_parameter', path, detail })
}
