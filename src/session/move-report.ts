// What becomes of each component when its session goes on in another image: names and settings mean the same there,
// ids of objects do not.

import type { Component } from '../protocol/components.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import { componentsOf, type Manifest } from './manifest.ts'
import { isSet, member } from './members.ts'
import { mentions, registeredIds } from './object-registry.ts'
import { readState } from './read-state.ts'

export type Fate = {
  readonly outcome: 'moved' | 'dropped' | 'stale'
  readonly bytes: number
  readonly reason: string
}

type Report = Partial<Record<Component, Fate>>

/** Tells it of every component that is set. */
export function moveReport(
  store: Store,
  session: SessionRow,
  manifest: Manifest,
  isPreserved: boolean
): Report {
  const report: Report = {}
  const leavesObjects = isPreserved && session.image_id !== ''
  const stale = leavesObjects ? staleReasons(store, session, manifest) : {}
  for (const name of componentsOf(manifest)) {
    const bytes = manifest[name]?.bytes ?? 0
    report[name] = isPreserved
      ? kept(bytes, stale[name])
      : { outcome: 'dropped', bytes, reason: 'preserve_context is false.' }
  }
  return report
}

function kept(bytes: number, staleReason: string | undefined): Fate {
  return staleReason === undefined
    ? { outcome: 'moved', bytes, reason: 'It is kept as it is.' }
    : { outcome: 'stale', bytes, reason: staleReason }
}

function staleReasons(
  store: Store,
  session: SessionRow,
  manifest: Manifest
): Partial<Record<Component, string>> {
  const text = (name: Component) => {
    const read = readState(store, session, manifest, [name])
    return read.ok ? read.value.texts.get(name) : undefined
  }
  const registry = text('object_registry')
  const inspector = text('inspector_state')
  const ids = new Set(registry === undefined ? [] : registeredIds(registry))
  const { image_id } = session
  return {
    ...(registry !== undefined &&
      isSet(JSON.parse(registry)) && {
        object_registry: `It is kept; its ids are of objects in ${image_id}.`,
      }),
    ...(inspector !== undefined &&
      refersToObjects(JSON.parse(inspector), ids) && {
        inspector_state: `It is kept; it refers to objects in ${image_id}.`,
      }),
  }
}

/** A selected object is one of the image, registered or not. */
function refersToObjects(inspector: unknown, ids: ReadonlySet<string>): boolean {
  const selected = member(inspector, 'selected_object')
  return (selected !== undefined && isSet(selected)) || mentions(inspector, ids)
}
