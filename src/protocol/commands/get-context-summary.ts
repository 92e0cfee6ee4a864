// get_context_summary: how much of what is in a session's state, without the state.

import * as z from 'zod'
import { command } from '../command.ts'
import * as fields from '../fields.ts'

const count = (description: string) => z.int().min(0).describe(description).optional()

/** One component in numbers. What a component's shape does not show is absent. */
const componentSummary = z.object({
  bytes: fields.bytes,
  revision: fields.revision.describe('The revision that brought this text.'),
  entries: count('Members or items at the top level; absent if the text is damaged.'),
  variables: count('workspace_context: variables.'),
  bindings: count('workspace_context: bindings.'),
  has_error_state: z
    .boolean()
    .describe('workspace_context: it holds an error_state that is not empty.')
    .optional(),
  objects: count('object_registry: registered objects.'),
  references: count('object_registry: references from one registered object to another.'),
  dangling_references: count('object_registry: references to objects that are not registered.'),
  has_selected_object: z.boolean().describe('inspector_state: an object is selected.').optional(),
  views: count('inspector_state: views.'),
  navigation_depth: count('inspector_state: steps of the navigation.'),
  custom_views: count("inspector_state: the developer's own views."),
})

export const getContextSummary = command({
  name: 'get_context_summary',
  scope: 'client',
  mutates: false,
  offline: 'origins',
  summary: 'Counts what is in the state of a session.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
  }),
  result: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId,
    revision: fields.revision,
    state_bytes: fields.bytes.describe('Bytes of all components together.'),
    image_id: fields.imageResult.image_id,
    components: z
      .record(z.string(), componentSummary)
      .describe('The components that are set, by name.'),
  }),
  failures: ['invalid_client_id', 'client_not_allowed', 'session_not_found'],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      revision: 5,
      state_bytes: 262,
      image_id: '',
      components: {
        session_state: { bytes: 59, revision: 4, entries: 2 },
        workspace_context: { bytes: 36, revision: 2, entries: 1, variables: 3 },
        inspector_state: { bytes: 29, revision: 2, entries: 1, has_selected_object: true },
        object_registry: {
          bytes: 107,
          revision: 5,
          entries: 2,
          objects: 2,
          references: 2,
          dangling_references: 0,
        },
        evaluation_history: { bytes: 31, revision: 5, entries: 1 },
      },
    },
  },
})
