// The objects of a registry by their ids: by itself it maps ids to objects, or its member `objects` does, or it lists
// objects that say their ids. What looks different has no ids that anybody could name.

import type { JsonText } from '../protocol/json-text.ts'
import { isContainer, isMembers, member } from './members.ts'

/** The objects by id; undefined for a shape that is not recognised. */
export function objectsOf(registry: unknown): ReadonlyMap<string, unknown> | undefined {
  const inner = member(registry, 'objects')
  return objectsById(isContainer(inner) ? inner : registry)
}

/** The ids of the objects in the text of a registry. */
export function registeredIds(text: JsonText): string[] {
  return [...(objectsOf(JSON.parse(text)) ?? new Map<string, unknown>()).keys()]
}

/** The ids that a merge patch brings; undefined if it puts a whole registry in the place of the old one. */
export function patchedIds(patch: JsonText): string[] | undefined {
  const value: unknown = JSON.parse(patch)
  if (!isMembers(value) || Array.isArray(member(value, 'objects'))) return undefined
  const objects = [...(objectsOf(value) ?? new Map<string, unknown>())]
  return objects.filter(([, object]) => object !== null).map(([id]) => id)
}

/** The ids that an object refers to: in a list, or as the values of an object. */
export function referencesOf(object: unknown): string[] {
  const given = member(object, 'refs') ?? member(object, 'references')
  if (!isContainer(given)) return []
  return Object.values(given).flatMap((reference: unknown) => idOf(reference) ?? [])
}

/** Those of the ids that stand anywhere in a value, as a value or as a name. */
export function mentionedIds(value: unknown, ids: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  const look = (inner: unknown) => {
    if (typeof inner === 'string' || typeof inner === 'number') note(String(inner))
    if (!isContainer(inner)) return
    const isNamed = isMembers(inner)
    for (const [name, next] of Object.entries(inner)) {
      if (isNamed) note(name)
      look(next)
    }
  }
  const note = (name: string) => {
    if (ids.has(name)) found.add(name)
  }
  if (ids.size > 0) look(value)
  return found
}

function objectsById(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (isMembers(value)) return new Map(Object.entries(value))
  if (!Array.isArray(value)) return undefined
  const listed = value.map((object): [string | undefined, unknown] => [idOf(object), object])
  if (listed.some(([id]) => id === undefined)) return undefined
  return new Map(listed.map(([id, object]) => [id ?? '', object]))
}

/** An id is a text or a number, or an object says which one it means. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  const [id] = ['id', 'object_id', 'ref', 'to']
    .map((name) => member(value, name))
    .filter((named) => typeof named === 'string' || typeof named === 'number')
  return id === undefined ? undefined : String(id)
}
