// The objects that inspectors show, by their ids: the selected one, the way to it, and whatever else of the registry
// stands anywhere in the state.

import type { JsonText } from '../protocol/json-text.ts'
import { isContainer, isMembers, isSet, member } from './members.ts'
import { idOf, mentionedIds } from './object-registry.ts'

/** The object that is looked at, registered or not; undefined if there is none. */
export function selectedObject(inspector: unknown): unknown {
  const selected = member(inspector, 'selected_object')
  return selected !== undefined && isSet(selected) ? selected : undefined
}

/** The steps of a navigation: a list, or an object that holds one. */
export function navigationOf(inspector: unknown): readonly unknown[] | undefined {
  const navigation = member(inspector, 'navigation') ?? member(inspector, 'navigation_history')
  if (Array.isArray(navigation)) return navigation
  const inner = ['breadcrumbs', 'history', 'path'].map((name) => member(navigation, name))
  return inner.find((steps) => Array.isArray(steps))
}

/** The ids of objects that inspectors show. */
export function inspectedIds(inspector: unknown, registered: ReadonlySet<string>): Set<string> {
  const shown = [selectedObject(inspector), ...(navigationOf(inspector) ?? [])]
  const ids = new Set(shown.flatMap((object) => idOf(object) ?? []))
  return ids.union(mentionedIds(inspector, registered))
}

/** Everything in a text that may be an id. */
export function namedIn(text: JsonText): ReadonlySet<string> {
  return new Set(names(JSON.parse(text)))
}

/** What a merge patch brings that may be an id; undefined if it puts a whole state in the place of the old one. */
export function patchedNames(patch: JsonText): string[] | undefined {
  const value: unknown = JSON.parse(patch)
  return isMembers(value) ? names(value) : undefined
}

function names(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (!isContainer(value)) return []
  const isNamed = isMembers(value)
  return Object.entries(value).flatMap(([name, inner]) => {
    if (inner === null) return []
    return isNamed ? [name, ...names(inner)] : names(inner)
  })
}
