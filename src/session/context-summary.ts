// Counts what a component holds. Where the seeds name a shape it is counted by its parts; whatever else the developer
// keeps is counted by its top-level members. Nothing of the state itself is told.

import type { Component } from '../protocol/components.ts'
import type { JsonText } from '../protocol/json-text.ts'
import { navigationOf } from './inspected-ids.ts'
import { isContainer, isSet, member, size } from './members.ts'
import { objectsOf, referencesOf } from './object-registry.ts'

export type Counts = {
  readonly entries: number
  readonly variables?: number
  readonly bindings?: number
  readonly has_error_state?: boolean
  readonly objects?: number
  readonly references?: number
  readonly dangling_references?: number
  readonly has_selected_object?: boolean
  readonly views?: number
  readonly navigation_depth?: number
  readonly custom_views?: number
}

/** What a component holds, in numbers. */
export function countsOf(component: Component, text: JsonText): Counts {
  const value: unknown = JSON.parse(text)
  const entries = size(value)
  switch (component) {
    case 'workspace_context':
      return { entries, ...workspace(value) }
    case 'object_registry':
      return { entries, ...registry(value) }
    case 'inspector_state':
      return { entries, ...inspector(value) }
    case 'session_state':
    case 'user_preferences':
    case 'evaluation_history':
      return { entries }
  }
}

function workspace(value: unknown): Omit<Counts, 'entries'> {
  const variables = member(value, 'variables')
  const bindings = member(value, 'bindings')
  const error = member(value, 'error_state')
  return {
    ...(isContainer(variables) && { variables: size(variables) }),
    ...(isContainer(bindings) && { bindings: size(bindings) }),
    ...(error !== undefined && { has_error_state: isSet(error) }),
  }
}

function inspector(value: unknown): Omit<Counts, 'entries'> {
  const selected = member(value, 'selected_object') ?? member(value, 'selection')
  const views = member(value, 'views')
  const customViews = member(value, 'custom_views')
  const navigation = navigationOf(value)
  return {
    ...(selected !== undefined && { has_selected_object: isSet(selected) }),
    ...(isContainer(views) && { views: size(views) }),
    ...(navigation !== undefined && { navigation_depth: navigation.length }),
    ...(isContainer(customViews) && { custom_views: size(customViews) }),
  }
}

function registry(value: unknown): Omit<Counts, 'entries'> {
  const objects = objectsOf(value)
  if (objects === undefined) return {}
  let references = 0
  let dangling = 0
  for (const object of objects.values()) {
    // A text that is no id describes the object.
    if (typeof object === 'string') references += objects.has(object) ? 1 : 0
    for (const id of referencesOf(object)) {
      if (objects.has(id)) references += 1
      else dangling += 1
    }
  }
  return { objects: objects.size, references, dangling_references: dangling }
}
