// POST /v1/messages: one envelope in, one envelope out, whatever arrives.

import type { Acknowledged } from '../protocol/call.ts'
import type { Failure } from '../protocol/failures.ts'
import { MAX_ID_LENGTH } from '../protocol/limits.ts'
import { type Message, readMessage } from '../protocol/message.ts'
import { conclude } from './conclude.ts'
import { type Asked, answer, letIn } from './let-in.ts'
import { readBody } from './read-body.ts'
import { refused, turnedAway } from './refused.ts'
import { type Answer, NOTHING_READ, named, type Rendered } from './respond.ts'

/** Answers the message in the body of a request. */
export async function answerMessage(asked: Asked): Promise<Rendered> {
  const { running } = asked
  const receivedAt = running.clock.now()
  const answer = await answerTo(asked)
  return conclude(running, answer, receivedAt)
}

/** Bytes of a stranger's message that are looked at, so that a refusal is spelled as it was asked and names its id. */
const MAX_STRANGERS_BYTES = 64 * 1024

async function answerTo(asked: Asked): Promise<Answer> {
  const { request_id } = asked.running
  const scene = await letIn(asked)
  const refusal = (failure: Failure) =>
    scene.ok ? turnedAway(scene.value, failure) : refused(scene.failure)
  const body = await readBody(asked.request)
  if (!body.ok) return { ...NOTHING_READ, request_id, reply: refusal(body.failure) }
  const { text, bytes } = body.value
  if (!scene.ok && bytes > MAX_STRANGERS_BYTES) {
    return { ...NOTHING_READ, request_id, bytes, reply: refused(scene.failure) }
  }
  const { id, dialect, message } = readMessage(text)
  if (!message.ok) {
    return { ...NOTHING_READ, request_id, id, dialect, bytes, reply: refusal(message.failure) }
  }
  const { headers } = asked.request
  const call = withHeaderKey(message.value, headers)
  const deliveryId = usable(headers.get('x-delivery-id'))
  const acknowledged = acknowledgedBy(headers)
  return {
    request_id,
    id,
    dialect,
    bytes,
    ...named(call),
    reply: scene.ok
      ? await answer(asked, scene.value, { message: call, id, deliveryId, acknowledged })
      : refused(scene.failure),
  }
}

/** The key of the message itself wins over the header's. */
function withHeaderKey(message: Message, headers: Headers): Message {
  const header = usable(headers.get('idempotency-key'))
  if (message.idempotencyKey !== undefined || header === undefined) return message
  return { ...message, idempotencyKey: header }
}

/** What a bridge says of work that it acknowledged before; a base that is no revision says nothing. */
function acknowledgedBy(headers: Headers): Acknowledged | undefined {
  const base = headers.get('x-base-revision') ?? ''
  if (!/^\d{1,15}$/.test(base)) return undefined
  const session_id = usable(headers.get('x-session-id'))
  const target = usable(headers.get('x-target-session'))
  return {
    base_revision: Number(base),
    ...(session_id !== undefined && { session_id }),
    ...(target !== undefined && { target }),
  }
}

function usable(header: string | null): string | undefined {
  return header === null || header === '' || header.length > MAX_ID_LENGTH ? undefined : header
}
