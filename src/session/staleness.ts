// What an answer tells of ids that lead nowhere: the notes of a session, held against what the team's directory says of
// its image now.

import type { Component } from '../protocol/components.ts'
import type { JsonText } from '../protocol/json-text.ts'
import { MAX_STALE_IDS } from '../protocol/limits.ts'
import type { NotedComponent } from '../storage/registry-epochs.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Context } from './context.ts'
import { inspectedIds, selectedObject } from './inspected-ids.ts'
import type { Manifest } from './manifest.ts'
import { objectsOf } from './object-registry.ts'
import { isStale, staleAmong } from './origin.ts'
import { readState, type State } from './read-state.ts'
import { NOTED, originAt, presentStart } from './registry-epoch.ts'

/** Bytes of a text that holds nothing. */
const EMPTY_BYTES = 2

const NOT_KNOWN =
  'The directory of the team could not be asked: whether ids of object_registry and inspector_state are stale is not known.'

type Told = {
  readonly object_registry_stale?: boolean
  readonly inspector_state_stale?: boolean
}

/** Whether ids of a session are known to be no longer good; nothing for a session without an image. */
export function staleParts(context: Context, session: SessionRow, manifest: Manifest): Told {
  if (session.image_id === '') return {}
  return told(staleIds(context, session, manifest))
}

/** What a restore tells of the ids of a session; nothing for one without an image. */
export function staleness(
  context: Context,
  session: SessionRow,
  manifest: Manifest,
  state: State
): Told & { readonly stale_ids?: string[]; readonly stale_ids_truncated?: true } {
  if (session.image_id === '') return {}
  const found = staleIds(context, session, manifest, state)
  if (found.size === 0) {
    const isSet = NOTED.some((name) => (manifest[name]?.bytes ?? 0) > EMPTY_BYTES)
    if (isSet && context.isDirectorySilent) context.warn(NOT_KNOWN)
    return told(found)
  }
  const ids = [...new Set([...found.values()].flat())]
  return {
    ...told(found),
    stale_ids: ids.slice(0, MAX_STALE_IDS),
    ...(ids.length > MAX_STALE_IDS && { stale_ids_truncated: true }),
  }
}

function told(found: ReadonlyMap<NotedComponent, unknown>): Told {
  return {
    object_registry_stale: found.has('object_registry'),
    inspector_state_stale: found.has('inspector_state'),
  }
}

/** The components with stale ids, and which: none if they cannot be told apart. */
function staleIds(
  context: Context,
  session: SessionRow,
  manifest: Manifest,
  state?: State
): Map<NotedComponent, string[]> {
  const { store } = context
  const now = presentStart(context, session.image_id)
  const found = new Map<NotedComponent, string[]>()
  const partOf = (name: Component): unknown => {
    const text = state?.texts.get(name) ?? storedText(context, session, manifest, name)
    return text && JSON.parse(text)
  }
  for (const name of NOTED) {
    if (manifest[name] === undefined) continue
    const revision = state?.recovered[name] ?? manifest[name].revision
    const origin = originAt(store, session.number, name, revision)
    if (origin === undefined || !isStale(origin, now)) continue
    const value = partOf(name)
    const ids = name === 'object_registry' ? idsOfRegistry(value) : idsOfInspectors(value, partOf)
    const stale = ids && staleAmong(ids, origin, now)
    if (stale === undefined) found.set(name, [])
    else if (stale.length > 0) found.set(name, stale)
  }
  return found
}

function idsOfRegistry(registry: unknown): string[] | undefined {
  const objects = objectsOf(registry)
  return objects && [...objects.keys()]
}

/** Undefined for a selected object that has no id, and for a text that cannot be read. */
function idsOfInspectors(
  inspector: unknown,
  partOf: (name: Component) => unknown
): string[] | undefined {
  if (inspector === undefined) return undefined
  const registered = new Set(idsOfRegistry(partOf('object_registry')))
  const ids = [...inspectedIds(inspector, registered)]
  return ids.length === 0 && selectedObject(inspector) !== undefined ? undefined : ids
}

/** A text that an answer does not tell. */
function storedText(
  { store }: Context,
  session: SessionRow,
  manifest: Manifest,
  name: Component
): JsonText | undefined {
  const read = readState(store, session, manifest, [name])
  return read.ok ? read.value.texts.get(name) : undefined
}
