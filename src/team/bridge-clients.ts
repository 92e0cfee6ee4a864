// For which clients a bridge may speak: its developer's, and those of which nobody has said whose they are.

import type { DirectoryStore } from './directory-store.ts'

/** @example clients.filter(({ client_id }) => isOf(client_id)) where isOf is spokenFor(store, caller.subject) */
export function spokenFor(
  { sessions }: Pick<DirectoryStore, 'sessions'>,
  subject: string
): (client_id: string) => boolean {
  return (client_id) => (sessions.ownerOf(client_id) ?? subject) === subject
}
