// Sessions, images and events as the panel's tests need them.

import type { SessionHeard } from '../../../src/panel/view/heard.ts'
import type { Image, ListedSession } from '../../../src/panel/view/listed.ts'
import { listExample } from '../../../src/protocol/commands/list-client-sessions.ts'
import { EXAMPLE_IMAGE } from '../../../src/protocol/image-fields.ts'

/** When the examples of the protocol were told. */
export const NOW = Date.parse('2025-08-30T10:50:00.000Z')

export function listed(its: Partial<ListedSession> = {}): ListedSession {
  const image = { connection_status: 'Unknown', seen_by: 'nobody' } as const
  return { ...listExample, client_id: 'client_001', ...image, ...its }
}

export function image(its: Partial<Image> = {}): Image {
  return { ...EXAMPLE_IMAGE, current_session_id: '', ...its }
}

export function heard(its: Partial<SessionHeard> = {}): SessionHeard {
  return {
    type: 'session.updated',
    sequence: 1,
    at: NOW,
    session_id: listExample.session_id,
    client_id: 'client_001',
    status: 'active',
    revision: 4,
    state_bytes: 300,
    expires_at: NOW + 3_600_000,
    image_id: '',
    ...its,
  }
}
