// What the replica can do in the place of the service: carry out and keep for later, or answer from what it has. Each
// command's declaration says which (src/protocol/command.ts, `offline`).

import type { Message } from '../../src/protocol/message.ts'
import { isOfflineWork } from '../../src/protocol/offline-work.ts'
import { findCommand } from '../../src/protocol/registry.ts'

export type Part = 'journal' | 'read'

/** The part that the replica can take; undefined for what only the service can do. */
export function partOf({
  command,
  parameters,
}: Pick<Message, 'command' | 'parameters'>): Part | undefined {
  if (findCommand(command)?.offline === undefined || parameters.scope === 'team') return undefined
  return isOfflineWork(command, parameters) ? 'journal' : 'read'
}
