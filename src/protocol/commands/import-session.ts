// import_session (seed 001, deserializeFromFile: and loadSessionFromPath:). A new session out of an exported one.

import * as z from 'zod'
import { command, needsOneOf } from '../command.ts'
import { EXAMPLE_EXPORT, exportDocument, exportFormat, exportSha256 } from '../export-fields.ts'
import * as fields from '../fields.ts'
import { MAX_MESSAGE_BYTES } from '../limits.ts'
import { createSession } from './create-session.ts'

export const importSession = command({
  name: 'import_session',
  scope: 'client',
  mutates: true,
  makes_session: true,
  strangers: 'refused',
  audit: 'session_imported',
  offline: 'work',
  summary:
    'Creates a session from an exported one, under the limits of create_session. What is given beside the document replaces what the document says.',
  parameters: needsOneOf(
    z.object({
      client_id: fields.clientId,
      content: z
        .string()
        .min(1)
        .max(MAX_MESSAGE_BYTES)
        .describe('The document as text, as export_session gave it or as Pharo wrote it.')
        .optional(),
      document: exportDocument
        .describe('The document itself, if it is JSON: a large one needs no escapes then.')
        .optional(),
      format: exportFormat.describe('Of content; found out if absent.').optional(),
      sha256: exportSha256.describe('Of the document in UTF-8; compared if given.').optional(),
      name: fields.name.optional(),
      timeout: fields.timeout.optional(),
      ...fields.imageParameters,
    }),
    ['content', 'document'],
    'content'
  ),
  result: createSession.result.extend({
    imported_from: z
      .object({
        session_id: z.string().describe('The session that was exported, or empty.'),
        exported_at: z.string().describe('When it was exported, or empty.'),
        format: exportFormat.describe('What the document was read as.'),
      })
      .describe('What the document says of its origin.'),
    components: z.array(z.string()).describe('The components that are set.'),
  }),
  failures: createSession.failures,
  example: {
    parameters: { client_id: 'client_001', content: EXAMPLE_EXPORT.content },
    result: {
      ...createSession.example.result,
      session_id: 'session_2_1756551000_3hGkQ0dZ9mWbTnR2xVcY7Mk2pQeXfH8oLq4rI9vBzA1tSyFg',
      created_at: '2025-08-30T10:50:00.000Z',
      last_modified: '2025-08-30T10:50:00.000Z',
      expires_at: '2025-08-30T11:50:00.000Z',
      imported_from: {
        session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
        exported_at: '2025-08-30T10:50:00.000Z',
        format: 'json',
      },
      components: ['session_state', 'workspace_context', 'inspector_state', 'object_registry'],
    },
  },
})
