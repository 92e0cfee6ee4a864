// Deletes a session: when its retention has ended, or when another one takes its place before anybody heard of it.

import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import { NO_IMAGE } from './image.ts'

/** Deletes the state at once; the bare row stays until the team's directory has heard of it. */
export function deleteSession(
  store: Store,
  { number, sequence }: Pick<SessionRow, 'number' | 'sequence'>
): void {
  store.components.deleteAll(number)
  store.revisions.deleteAll(number)
  store.registryEpochs.deleteAll(number)
  store.sessions.change(number, {
    status: 'deleted',
    sequence: sequence + 1,
    name: '',
    close_reason: null,
    client_info: '{}',
    state_bytes: 0,
    stored_bytes: 0,
    ...NO_IMAGE,
  })
}
