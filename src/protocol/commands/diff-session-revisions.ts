// diff_session_revisions: what differs between two revisions, as patches that update_session_state takes.

import * as z from 'zod'
import { command } from '../command.ts'
import { textOf } from '../context-fields.ts'
import * as fields from '../fields.ts'

const componentDiff = z.object({
  change: z
    .enum(['added', 'removed', 'changed', 'unchanged'])
    .describe('What became of the component between the two revisions.'),
  bytes_from: fields.bytes.describe('Its bytes at from_revision.'),
  bytes_to: fields.bytes.describe('Its bytes at to_revision.'),
  patch: fields
    .componentResult(
      'A merge patch (RFC 7396) that leads from one to the other; the whole new value if not exact.'
    )
    .optional(),
  exact: z
    .boolean()
    .describe(
      'True if merging the patch gives the new value. False where no merge patch can: a null is set, or the component is removed.'
    ),
})

export const diffSessionRevisions = command({
  name: 'diff_session_revisions',
  scope: 'client',
  mutates: false,
  offline: 'history',
  summary: 'Tells what differs between two revisions of a session.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
    from_revision: fields.revision.describe('The revision to compare from.'),
    to_revision: fields.revision
      .describe('The revision to compare to; the newest if absent.')
      .optional(),
  }),
  result: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId,
    from_revision: fields.revision.describe('The revision that is compared from.'),
    to_revision: fields.revision.describe('The revision that is compared to.'),
    changed: z.array(z.string()).describe('The components that differ.'),
    components: textOf(
      z.record(z.string(), componentDiff),
      'The components that either revision has, by name.'
    ),
  }),
  failures: ['invalid_client_id', 'client_not_allowed', 'session_not_found', 'session_corrupted'],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      from_revision: 2,
      to_revision: 3,
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      from_revision: 2,
      to_revision: 3,
      changed: ['session_state'],
      components: {
        session_state: {
          change: 'changed',
          bytes_from: 59,
          bytes_to: 119,
          patch: {
            workspace: 'updated workspace state',
            inspector: 'updated inspector state',
            variables: ['var1', 'var2', 'var3', 'var4'],
          },
          exact: true,
        },
        workspace_context: { change: 'unchanged', bytes_from: 36, bytes_to: 36, exact: true },
        inspector_state: { change: 'unchanged', bytes_from: 29, bytes_to: 29, exact: true },
        object_registry: { change: 'unchanged', bytes_from: 32, bytes_to: 32, exact: true },
      },
    },
  },
})
