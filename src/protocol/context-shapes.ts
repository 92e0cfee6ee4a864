// The shapes in which an image keeps a developer's work, as far as the seeds name them. They document, and tell
// get_context_summary's reader what is counted; a state that looks different is kept all the same.

import * as z from 'zod'
import type { Component } from './components.ts'

const id = z.string().describe('An id of the object registry.')

const variable = z
  .looseObject({
    value: z.unknown().describe('The value, or the id of the object that it is.'),
    type: z.string().describe('The class of the value.').optional(),
    printString: z.string().describe('The value as text.').optional(),
  })
  .describe('A variable.')

const workspaceContext = z.looseObject({
  variables: z
    .union([z.array(z.string()), z.record(z.string(), variable)])
    .describe('Names of variables, or variables by name.')
    .optional(),
  bindings: z.record(z.string(), z.unknown()).describe('What names are bound to.').optional(),
  error_state: z
    .looseObject({
      message: z.string().describe('What went wrong.').optional(),
      stack: z.array(z.unknown()).describe('Where.').optional(),
    })
    .describe('The error that is looked at, and what is needed to go on.')
    .optional(),
})

const registeredObject = z.union([
  z.string().describe('A description, or the id of another object.'),
  z.looseObject({
    refs: z
      .union([z.array(id), z.record(z.string(), id)])
      .describe('The objects that it refers to; they may refer back. `references` is taken too.')
      .optional(),
  }),
])

const inspectorState = z.looseObject({
  selected_object: id.describe('The object that is looked at.').optional(),
  selection: z.unknown().describe('What of it is selected.').optional(),
  views: z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
    .describe('How panels are laid out.')
    .optional(),
  navigation: z
    .union([z.array(z.unknown()), z.looseObject({ breadcrumbs: z.array(z.unknown()) })])
    .describe('The way to the object that is looked at.')
    .optional(),
  custom_views: z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
    .describe("The developer's own views.")
    .optional(),
})

const evaluation = z.looseObject({
  code: z.string().describe('What was evaluated.').optional(),
  result: z.unknown().describe('What came of it.').optional(),
  at: z.string().describe('When.').optional(),
})

/** The shape of each component; what is not here is the developer's own. */
export const CONTEXT_SHAPES: Readonly<Record<Component, z.ZodType>> = {
  session_state: z.looseObject({}),
  workspace_context: workspaceContext,
  inspector_state: inspectorState,
  object_registry: z.record(z.string(), registeredObject),
  user_preferences: z.looseObject({}),
  evaluation_history: z.array(evaluation),
}
