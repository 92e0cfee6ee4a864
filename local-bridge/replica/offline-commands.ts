// What the replica can do in the place of the service: carry out and keep for later, or answer from what it has.

import type { Message } from '../../src/protocol/message.ts'

export type Part = 'journal' | 'read'

const PARTS: Readonly<Partial<Record<string, Part>>> = {
  create_session: 'journal',
  update_session_state: 'journal',
  save_context: 'journal',
  close_session: 'journal',
  restore_session: 'read',
  load_context: 'read',
  get_session_info: 'read',
  get_context_summary: 'read',
  list_client_sessions: 'read',
  list_session_revisions: 'read',
}

/** The part that the replica can take; undefined for what only the service can do. */
export function partOf({ command, parameters }: Pick<Message, 'command' | 'parameters'>) {
  const part = PARTS[command]
  return command === 'restore_session' && parameters.revive === true ? 'journal' : part
}
