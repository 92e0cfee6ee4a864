// What a session knows of the age of its object registry: noted with each text of it while the session names an image,
// and held against what the team's directory says of the image now.

import type { Component } from '../protocol/components.ts'
import type { JsonText } from '../protocol/json-text.ts'
import { MAX_STALE_IDS } from '../protocol/limits.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import type { Context } from './context.ts'
import type { Manifest } from './manifest.ts'
import { objectsOf, patchedIds, registeredIds } from './object-registry.ts'
import { type Epoch, isStale, type Later, mergedOrigin, type Origin, staleAmong } from './origin.ts'
import { type Recovered, readState, type State } from './read-state.ts'

const REGISTRY = 'object_registry' satisfies Component

/** Bytes of a registry that holds nothing. */
const EMPTY_BYTES = 2

const NOT_KNOWN =
  'The directory of the team could not be asked: whether ids of object_registry are stale is not known.'

/** How the registry of a session is about to change. */
type Change = {
  /** The image of the session after the change. */
  readonly image_id: string
  readonly manifest: Manifest
  /** `merge` if the registry was patched; it is replaced otherwise. */
  readonly mode?: string | undefined
  readonly given: ReadonlyMap<Component, JsonText>
  /** The texts after the change. */
  readonly texts: ReadonlyMap<Component, JsonText>
  readonly recovered: Recovered
}

/** The start of the image that the directory knows of. */
export function epochNow({ images }: Pick<Context, 'images'>, image_id: string): Epoch {
  const known = images?.find((image) => image.image_id === image_id)
  return { image_id, epoch: known?.epoch ?? '' }
}

/** Where all ids of a registry that arrives now are from; undefined while the session has no image. */
export function freshOrigin(context: Pick<Context, 'images'>, image_id: string) {
  return image_id === '' ? undefined : { ...epochNow(context, image_id), later: [] }
}

/** Where the ids of a registry are from that the session has had; undefined if nobody noted it. */
export function originAt(store: Store, session: number, revision: number | undefined) {
  const row = revision === undefined ? undefined : store.registryEpochs.find(session, revision)
  if (row === undefined) return undefined
  const { image_id, epoch, later } = row
  return { image_id, epoch, later: later === '' ? [] : (JSON.parse(later) as Later[]) }
}

/** Notes where the ids of a registry are from. */
export function keepOrigin(store: Store, session: number, revision: number, origin: Origin): void {
  const { image_id, epoch, later } = origin
  const text = later.length === 0 ? '' : JSON.stringify(later)
  store.registryEpochs.put({ session, revision, image_id, epoch, later: text })
}

/** Where the ids of the registry are from after a change; undefined if there is nothing new to note. */
export function originAfter(
  context: Context,
  session: SessionRow,
  change: Change
): Origin | undefined {
  const { image_id, manifest, given, recovered } = change
  const now = freshOrigin(context, image_id)
  const patch = given.get(REGISTRY)
  const isNewlyNamed = session.image_id === ''
  if (now === undefined || (patch === undefined && !isNewlyNamed)) return undefined
  const revision = recovered[REGISTRY] ?? manifest[REGISTRY]?.revision
  const before = originAt(context.store, session.number, revision) ?? unnoted(session, now)
  if (patch === undefined) return before
  const merged = change.texts.get(REGISTRY)
  const named = change.mode === 'merge' ? patchedIds(patch) : undefined
  if (named === undefined || merged === undefined || revision === undefined) return now
  return mergedOrigin(before, { ids: registeredIds(merged), named, now })
}

/** Where the ids of the registry are from once the session works on another image: where they were from before. */
export function originAfterMove(
  context: Context,
  session: SessionRow,
  manifest: Manifest,
  to_image_id: string
): Origin {
  const noted = originAt(context.store, session.number, manifest[REGISTRY]?.revision)
  return noted ?? unnoted(session, { ...epochNow(context, to_image_id), later: [] })
}

/** A registry that was there before the session named an image is taken to be of the image that it names first. */
function unnoted({ image_id }: SessionRow, now: Origin): Origin {
  return image_id === '' ? now : { image_id, epoch: '', later: [] }
}

/** True if the registry of a session is known to hold ids that are no longer good. */
export function isRegistryStale(context: Context, session: SessionRow, manifest: Manifest) {
  return staleIds(context, session, manifest) !== undefined
}

/** What a restore tells of the ids of the registry; nothing for a session without an image. */
export function staleness(
  context: Context,
  session: SessionRow,
  manifest: Manifest,
  state: State
): {
  object_registry_stale?: boolean
  stale_ids?: string[]
  stale_ids_truncated?: true
} {
  if (session.image_id === '') return {}
  const ids = staleIds(context, session, manifest, state)
  if (ids === undefined) {
    const isSet = (manifest[REGISTRY]?.bytes ?? 0) > EMPTY_BYTES
    if (isSet && context.isDirectorySilent) context.warn(NOT_KNOWN)
    return { object_registry_stale: false }
  }
  return {
    object_registry_stale: true,
    stale_ids: ids.slice(0, MAX_STALE_IDS),
    ...(ids.length > MAX_STALE_IDS && { stale_ids_truncated: true }),
  }
}

/** The ids that are stale; none if they cannot be told apart, undefined if nothing is known to be stale. */
function staleIds(
  context: Context,
  session: SessionRow,
  manifest: Manifest,
  state?: State
): string[] | undefined {
  const entry = manifest[REGISTRY]
  if (session.image_id === '' || entry === undefined) return undefined
  const { store } = context
  const origin = originAt(store, session.number, state?.recovered[REGISTRY] ?? entry.revision)
  const now = epochNow(context, session.image_id)
  if (origin === undefined || !isStale(origin, now)) return undefined
  const text = state?.texts.get(REGISTRY) ?? storedText(store, session, manifest)
  const objects = text && objectsOf(JSON.parse(text))
  if (objects === undefined) return []
  const ids = staleAmong([...objects.keys()], origin, now)
  return ids.length === 0 ? undefined : ids
}

/** The registry, where an answer does not tell it. */
function storedText(store: Store, session: SessionRow, manifest: Manifest): JsonText | undefined {
  const read = readState(store, session, manifest, [REGISTRY])
  return read.ok ? read.value.texts.get(REGISTRY) : undefined
}
