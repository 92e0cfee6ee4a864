// What becomes of each component when its session goes on in another image: names and settings mean the same there,
// ids of objects do not, in whichever component they stand.

import type { Component } from '../protocol/components.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import { inspectedIds, selectedObject } from './inspected-ids.ts'
import { componentsOf, type Manifest } from './manifest.ts'
import { isSet } from './members.ts'
import { mentionedIds, objectsOf } from './object-registry.ts'
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
  const partOf = (name: Component): unknown => {
    const read = readState(store, session, manifest, [name])
    const text = read.ok ? read.value.texts.get(name) : undefined
    return text && JSON.parse(text)
  }
  const registry = partOf('object_registry')
  const ids = new Set(objectsOf(registry)?.keys())
  const { image_id } = session
  const reasons: Partial<Record<Component, string>> = {}
  for (const name of componentsOf(manifest)) {
    const value = name === 'object_registry' ? registry : partOf(name)
    const reason =
      name === 'object_registry'
        ? ofRegistry(value, image_id)
        : ofOther(referredTo(name, value, ids), image_id)
    if (reason !== undefined) reasons[name] = reason
  }
  return reasons
}

function ofRegistry(registry: unknown, image_id: string): string | undefined {
  if (registry === undefined || !isSet(registry)) return undefined
  return `It is kept; its ids are of objects in ${image_id}.`
}

function ofOther(objects: number, image_id: string): string | undefined {
  if (objects === 0) return undefined
  return `It is kept; it refers to objects in ${image_id} (${objects}).`
}

/** How many objects of the image a component refers to. What inspectors show counts, registered or not. */
function referredTo(name: Component, value: unknown, ids: ReadonlySet<string>): number {
  if (name !== 'inspector_state') return mentionedIds(value, ids).size
  const shown = inspectedIds(value, ids).size
  return shown === 0 && selectedObject(value) !== undefined ? 1 : shown
}
