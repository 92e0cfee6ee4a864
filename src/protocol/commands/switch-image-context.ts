// switch_image_context (seed 003): a session goes on in another image, and hears what of its work goes with it.

import * as z from 'zod'
import { command, needsOneOf } from '../command.ts'
import { componentName } from '../context-fields.ts'
import { ACTIVE_SESSION_FAILURES } from '../failures.ts'
import * as fields from '../fields.ts'
import * as image from '../image-fields.ts'
import { MAX_CLASSES_SOUGHT, MAX_MISSING_CLASSES } from '../limits.ts'
import { listExample } from './list-client-sessions.ts'

export const switchImageContext = command({
  name: 'switch_image_context',
  scope: 'client',
  mutates: true,
  admins: true,
  images: 'start',
  audit: '',
  summary:
    'Moves a session to another image and tells what becomes of each component; everything can be reverted. For its owner, and with the context for admins of the team.',
  parameters: needsOneOf(
    z.object({
      from_image_id: image.imageId.describe('The image that the session works on, or empty.'),
      to_image_id: image.imageId
        .refine((id) => id !== '' && id !== '*', 'the id of one image')
        .describe('The image that it is to work on.'),
      session_id: fields.sessionId.optional(),
      client_id: fields.clientId
        .describe('Without session_id: its active session of from_image_id that was used last.')
        .optional(),
      preserve_context: z
        .boolean()
        .describe('false, for the owner alone, empties all components; true if absent.')
        .optional(),
      dry_run: z.boolean().describe('Only tell what would become of it.').optional(),
    }),
    ['session_id', 'client_id'],
    'session_id'
  ),
  result: z.object({
    from_image_id: image.imageId,
    to_image_id: image.imageId,
    session_id: fields.sessionId,
    client_id: fields.clientId,
    context_preserved: z.boolean().describe('The components are still there.'),
    dry_run: z.boolean().describe('Nothing was changed: this is what would become of it.'),
    components: z
      .partialRecord(
        componentName,
        z.object({
          outcome: z
            .enum(['moved', 'dropped', 'stale'])
            .describe('stale is kept, but refers to objects of the other image.'),
          bytes: fields.bytes,
          reason: z.string().describe('Why, in a sentence.'),
        })
      )
      .describe('The components that were set, by name.'),
    missing_classes: z
      .array(z.string())
      .max(MAX_MISSING_CLASSES)
      .describe(
        `Classes that the work of the session names and the image to work on lacks, in order: those that object_registry, workspace_context and inspector_state have as class, class_name or className, or as the type of a variable (${MAX_CLASSES_SOUGHT} names are looked for). Absent if it is not known which classes the image has, and where no context goes along.`
      )
      .optional(),
    missing_class_count: z
      .int()
      .min(0)
      .describe('How many these are, all of them; absent with missing_classes.')
      .optional(),
    revision: fields.revision,
    snapshot_revision: fields.revision.describe(
      'The revision before; revert_session brings its components back.'
    ),
    ...fields.imageResult,
  }),
  failures: [...ACTIVE_SESSION_FAILURES, 'forbidden', 'idempotency_conflict'],
  example: {
    parameters: {
      session_id: listExample.session_id,
      from_image_id: 'pharo-11',
      to_image_id: 'pharo-12',
    },
    result: {
      from_image_id: 'pharo-11',
      to_image_id: 'pharo-12',
      session_id: listExample.session_id,
      client_id: 'client_001',
      context_preserved: true,
      dry_run: false,
      components: {
        workspace_context: { outcome: 'moved', bytes: 36, reason: 'It is kept as it is.' },
        object_registry: {
          outcome: 'stale',
          bytes: 32,
          reason: 'It is kept; its ids are of objects in pharo-11.',
        },
      },
      revision: 2,
      snapshot_revision: 1,
      image_id: 'pharo-12',
      image_address: 'localhost:5555',
      image_name: 'Pharo 12',
      image_version: '12.0',
      image_metadata: { dialect: 'Pharo' },
    },
  },
})
