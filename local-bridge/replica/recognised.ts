// Knows a creation again that was answered before, by the service or here, so that no second session is made for it. All
// other work is for one session, and the service knows it again when it is delivered.

import { type Declaration, type JsonObject, parseParameters } from '../../src/protocol/command.ts'
import { findCommand } from '../../src/protocol/registry.ts'
import {
  earlierAnswer,
  type Request as Identity,
  identify,
  keepAnswer,
  namedFor,
} from '../../src/session/idempotency.ts'
import type { Request } from '../request.ts'
import { callerOf, type Replica } from './replica.ts'
import type { Holder } from './work.ts'

type Asked = {
  readonly request: Pick<Request, 'id' | 'message'>
  readonly holder: Holder
  readonly at: number
}

/** Keeps what the service has answered to a creation, as if it had been carried out here. */
export function keepCreation(
  replica: Replica,
  asked: Asked & { readonly answer: JsonObject }
): void {
  const identity = identityOf(replica, asked)
  if (identity !== undefined) keepAnswer(sceneOf(replica, asked.at), identity, asked.answer)
}

/** The session that a creation was answered with; undefined if it is new, or none. */
export function madeBefore(replica: Replica, asked: Asked): string | undefined {
  const identity = identityOf(replica, asked)
  const earlier = identity && earlierAnswer(sceneOf(replica, asked.at), identity)
  return earlier?.ok === true ? String(earlier.value.result.session_id) : undefined
}

function identityOf({ store }: Replica, { request, holder }: Asked): Identity | undefined {
  const { id, message } = request
  const declaration = findCommand(message.command)
  if (declaration?.makes_session !== true) return undefined
  const parsed = parseParameters<Declaration>(declaration, message.parameters)
  if (!parsed.ok) return undefined
  const call = {
    command: message.command,
    parameters: parsed.value,
    message_id: id,
    idempotency_key: message.idempotencyKey,
  }
  return identify(call, namedFor({ owner: store.clients.find(), caller: callerOf(holder) }))
}

function sceneOf({ store, limits }: Replica, now: number) {
  return { store, limits, now, warn: () => {} }
}
