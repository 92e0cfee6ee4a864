// What a developer leaves behind in an image, as large as is asked for: what the pictures show is shaped as real work is.

import type { Members } from '../support/fixtures.ts'

/** What somebody is at: the method that is looked at, and what the workspace holds. */
export type Task = {
  readonly selection: string
  readonly breakpoints: readonly string[]
  readonly variables: Members
}

const CLASSES = [
  'OrderedCollection',
  'Dictionary',
  'RBMethodNode',
  'CompiledMethod',
  'SortedCollection',
  'RBMessageNode',
  'Association',
]

const METHODS = [
  'inject: thisValue into: binaryBlock\n\t| nextValue |\n\tnextValue := thisValue.\n\tself do: [ :each | nextValue := binaryBlock value: nextValue value: each ].\n\t^ nextValue',
  'collect: aBlock\n\t| result |\n\tresult := self copyEmpty.\n\tself do: [ :each | result addLast: (aBlock value: each) ].\n\t^ result',
  'detect: aBlock ifNone: exceptionBlock\n\tself do: [ :each | (aBlock value: each) ifTrue: [ ^ each ] ].\n\t^ exceptionBlock value',
]

/** Objects that refer to each other, of about so many bytes of JSON. */
export function registryOf(bytes: number): Members {
  const objects: Record<string, unknown> = {}
  let size = 2
  for (let n = 1; size < bytes; n += 1) {
    const object = {
      class: CLASSES[n % CLASSES.length],
      refs: [`obj_${n + 1}`],
      source: METHODS[n % METHODS.length],
    }
    objects[`obj_${n}`] = object
    size += JSON.stringify(object).length + `"obj_${n}":,`.length
  }
  return objects
}

/** The parts of a session in which somebody works on a task. */
export function workOn({ selection, breakpoints, variables }: Task): Members {
  const [receiver = '', selector = ''] = selection.split('>>')
  return {
    state_data: { browser: { class: receiver, selector }, breakpoints },
    workspace_context: { variables },
    inspector_state: { selected_object: 'obj_1', views: ['fields', 'source'] },
  }
}

/** How the developer likes it. */
export const PREFERENCES: Members = {
  user_preferences: { theme: 'phosphor', font_size: 14, auto_save: true },
}
