// A message on its way to the service or to the replica, with who sends it.

import { makesSession } from '../../src/protocol/registry.ts'
import type { Request } from '../request.ts'
import type { Part } from './offline-commands.ts'

/** Whose work it is: the developer whose token the bridge has, or everybody where authentication is off. */
export type Holder = {
  readonly team: string
  readonly subject: string
  readonly client_ids: readonly string[]
}

export type Work = {
  readonly request: Pick<Request, 'id' | 'dialect' | 'message' | 'facts' | 'body'>
  readonly requestId: string
  readonly deliveryId: string | undefined
  readonly part: Part
  readonly holder: Holder
}

/** The session that a message is about; undefined if it opens one, or means whichever was used last. */
export function sessionNamed({ message }: Pick<Request, 'message'>): string | undefined {
  const { session_id } = message.parameters
  const isNamed = !makesSession(message.command) && typeof session_id === 'string'
  return isNamed ? session_id : undefined
}
