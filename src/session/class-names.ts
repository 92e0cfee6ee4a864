// The classes that the work of a session names, so that a move can tell which of them the other image lacks. Where an object
// or a frame says its class, wherever it stands; texts that describe or print an object are not looked into.

import { classNamed } from '../image/class-name.ts'
import type { JsonObject } from '../protocol/command.ts'
import type { Component } from '../protocol/components.ts'
import { MAX_CLASSES_SOUGHT } from '../protocol/limits.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import { manifestOf } from './manifest.ts'
import { isContainer, isMembers, member } from './members.ts'
import { readState } from './read-state.ts'

/** The components that hold what an image has classes for. */
const NAMING = ['workspace_context', 'inspector_state', 'object_registry'] as const

/** Members that say the class of an object. */
const CLASS_MEMBERS: ReadonlySet<string> = new Set(['class', 'class_name', 'className'])

/** A class, by itself or in a namespace; what begins with a small letter is something else that is called `class`. */
const CLASS_NAME = /^\p{Lu}[\p{L}\p{N}_]*([.:]+[\p{L}\p{N}_]+)*$/u

/**
 * The classes that a move takes to another image, in order; undefined where no context goes along, or nothing moves.
 * Called before the parameters are checked: what is wrong with them is for the command to say.
 */
export function movedClasses(
  store: Store,
  parameters: JsonObject,
  session: SessionRow | undefined
): readonly string[] | undefined {
  if (session === undefined || parameters.preserve_context === false) return undefined
  if (session.image_id !== parameters.from_image_id) return undefined
  const manifest = manifestOf(store, session.number, session.revision)
  const named = NAMING.flatMap((component) => {
    const read = readState(store, session, manifest, [component])
    const text = read.ok ? read.value.texts.get(component) : undefined
    return text === undefined ? [] : [...classesIn(component, JSON.parse(text))]
  })
  return [...new Set(named)].sort().slice(0, MAX_CLASSES_SOUGHT)
}

/** The classes that a component names. */
export function classesIn(component: Component, value: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  const note = (name: unknown) => {
    if (typeof name !== 'string') return
    const named = classNamed(name)
    if (CLASS_NAME.test(named)) found.add(named)
  }
  const look = (inner: unknown) => {
    if (!isContainer(inner)) return
    const isNamed = isMembers(inner)
    for (const [name, next] of Object.entries(inner)) {
      if (isNamed && CLASS_MEMBERS.has(name)) note(next)
      look(next)
    }
  }
  look(value)
  if (component === 'workspace_context') for (const type of variableTypes(value)) note(type)
  return found
}

/** Variables say their class as their `type`; elsewhere that word may mean anything. */
function variableTypes(workspace: unknown): unknown[] {
  const lists = [member(workspace, 'variables'), member(workspace, 'bindings')]
  return lists.filter(isContainer).flatMap((list) => {
    return Object.values(list).map((variable: unknown) => member(variable, 'type'))
  })
}
