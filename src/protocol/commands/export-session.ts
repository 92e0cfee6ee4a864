// export_session (seed 001, serializeToFile: and saveSession:toPath:). Works whatever the session's life has come to.

import * as z from 'zod'
import { command } from '../command.ts'
import { EXAMPLE_EXPORT, exportFormat, exportSha256 } from '../export-fields.ts'
import * as fields from '../fields.ts'

export const exportSession = command({
  name: 'export_session',
  scope: 'client',
  mutates: false,
  audit: 'session_exported',
  offline: 'origins',
  summary:
    'Gives a session as one document to keep or to move, also an expired or closed one; changes nothing.',
  parameters: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId.optional(),
    format: exportFormat.describe('json unless ston is asked for, which Pharo reads.').optional(),
    revision: fields.revision.describe('An earlier revision that is still kept.').optional(),
  }),
  result: z.object({
    session_id: fields.sessionId,
    client_id: fields.clientId,
    revision: fields.revision.describe('The revision that was exported.'),
    format: exportFormat.describe('As asked for.'),
    file_name: z.string().describe('A name for a file that is legal on every file system.'),
    media_type: z.string().describe('What the document is.'),
    content: z.string().describe('The document. Write it to a file in UTF-8, as it is.'),
    bytes: fields.bytes.describe('Bytes of the document in UTF-8.'),
    sha256: exportSha256.describe('Of the document in UTF-8, hexadecimal.'),
    exported_at: fields.timestamp.describe('When it was exported.'),
    recovered_from: fields.recoveredFrom.optional(),
  }),
  failures: ['invalid_client_id', 'client_not_allowed', 'session_not_found', 'session_corrupted'],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      revision: 3,
      format: 'json',
      file_name: 'session_client_001_20250830T105000Z.json',
      media_type: 'application/json',
      ...EXAMPLE_EXPORT,
      exported_at: '2025-08-30T10:50:00.000Z',
    },
  },
})
