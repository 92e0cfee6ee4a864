// update_session_state (seed 000 with state_data, seeds 001 and 002 with named components).

import * as z from 'zod'
import { command, needsOneOf } from '../command.ts'
import { label } from '../context-fields.ts'
import { ACTIVE_SESSION_FAILURES } from '../failures.ts'
import * as fields from '../fields.ts'

/** What every command that writes a new revision answers. */
export const updateResult = z.object({
  session_id: fields.sessionId,
  client_id: fields.clientId,
  last_modified: fields.lastModified,
  session_state: fields.componentResult('The session state after the change.'),
  update_successful: z.literal(true).describe('The change is kept.'),
  revision: fields.revision,
  changed: fields.changed,
  state_bytes: fields.bytes.describe('Bytes of all components together.'),
  expires_at: fields.expiresAt,
  ...fields.imageResult,
})

/** How a change says what it was made on, and what is to be done if that is no longer the newest. */
export const conflictParameters = {
  if_revision: fields.revision
    .describe('Change the session only if it is still at this revision.')
    .optional(),
  on_conflict: z
    .enum(['error', 'copy'])
    .describe('copy keeps a change that lost against if_revision as a session of its own.')
    .optional(),
}

/** What a command answers whose change may be kept as a copy. */
export const changeResult = updateResult.extend({
  conflict: z
    .object({
      session_id: fields.sessionId.describe('The session that was to be changed.'),
      current_revision: fields.revision.describe('The revision it is at.'),
      copy_is_active: z.boolean().describe('False if the client had no active session to spare.'),
    })
    .describe('Only if the change was kept as a copy: session_id is then the copy.')
    .optional(),
  recovered_from: fields.recoveredFrom.optional(),
})

export const updateSessionState = command({
  name: 'update_session_state',
  scope: 'client',
  mutates: true,
  images: 'start',
  audit: '',
  offline: 'work',
  summary: 'Replaces or merges components of the state of a session and renews its lease.',
  parameters: needsOneOf(
    z.object({
      session_id: fields.sessionId,
      client_id: fields.clientId.optional(),
      mode: z
        .enum(['replace', 'merge'])
        .describe('replace puts each given component in place of the old one; merge is RFC 7396.')
        .optional(),
      ...conflictParameters,
      label: label.optional(),
      name: fields.name
        .describe('Another name for people; with it alone the session is only renamed.')
        .optional(),
      ...fields.imageParameters,
      ...fields.componentParameters,
    }),
    [...Object.keys(fields.componentParameters), ...Object.keys(fields.imageParameters), 'name'],
    'state_data'
  ),
  result: changeResult,
  failures: [
    ...ACTIVE_SESSION_FAILURES,
    'session_too_large',
    'storage_limit_exceeded',
    'revision_conflict',
    'session_corrupted',
    'idempotency_conflict',
  ],
  example: {
    parameters: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      state_data: {
        workspace: 'updated workspace state',
        inspector: 'updated inspector state',
        variables: ['var1', 'var2', 'var3', 'var4'],
      },
    },
    result: {
      session_id: 'session_1_1756549800_3hGkQ0dZ9mWbTnR2xVcY7Lp4sAeUfJ1oKq8rI5vCzB6tNyDg',
      client_id: 'client_001',
      last_modified: '2025-08-30T10:45:00.000Z',
      session_state: {
        workspace: 'updated workspace state',
        inspector: 'updated inspector state',
        variables: ['var1', 'var2', 'var3', 'var4'],
      },
      update_successful: true,
      revision: 3,
      changed: ['session_state'],
      state_bytes: 216,
      expires_at: '2025-08-30T11:45:00.000Z',
      image_id: '',
      image_address: '',
      image_name: '',
      image_version: '',
      image_metadata: {},
    },
  },
})
