// POST /v1/messages: one envelope in, one envelope out, whatever arrives.

import { isoTime } from '../clock.ts'
import { log } from '../log.ts'
import { succeed } from '../outcome.ts'
import type { Acknowledged } from '../protocol/call.ts'
import { CANONICAL } from '../protocol/dialects/dialect.ts'
import type { JsonText } from '../protocol/json-text.ts'
import { MAX_ID_LENGTH } from '../protocol/limits.ts'
import { type Message, readMessage } from '../protocol/message.ts'
import { findCommand } from '../protocol/registry.ts'
import { type Asked, letIn } from './let-in.ts'
import { readBody } from './read-body.ts'
import { type Answer, type Rendered, respond } from './respond.ts'

const NO_ID = 'null' as JsonText

/** Answers the message in the body of a request. */
export async function answerMessage(asked: Asked): Promise<Rendered> {
  const { running } = asked
  const receivedAt = running.clock.now()
  const answer = await answerTo(asked)
  const response = respond(answer, isoTime(running.clock.now()))
  log({
    event: 'command',
    request_id: running.request_id,
    command: findCommand(answer.command)?.name ?? 'unknown',
    ...(answer.reply.client_id !== undefined && { client_id: answer.reply.client_id }),
    outcome: response.outcome,
    status: response.status,
    duration_ms: running.clock.now() - receivedAt,
    bytes_in: answer.bytes,
    bytes_out: response.body.length,
    replayed: answer.reply.replayed,
    ...(running.traceparent !== undefined && { traceparent: running.traceparent }),
  })
  return response
}

async function answerTo(asked: Asked): Promise<Answer> {
  const { request_id } = asked.running
  const body = await readBody(asked.request)
  if (!body.ok) return { ...NOTHING_READ, request_id, reply: await letIn(asked, body) }
  const { text, bytes } = body.value
  const { id, dialect, message } = readMessage(text)
  if (!message.ok) {
    return { ...NOTHING_READ, request_id, id, dialect, bytes, reply: await letIn(asked, message) }
  }
  const { headers } = asked.request
  const call = withHeaderKey(message.value, headers)
  const deliveryId = usable(headers.get('x-delivery-id'))
  const acknowledged = acknowledgedBy(headers)
  const claimed = call.parameters.client_id
  return {
    request_id,
    id,
    dialect,
    bytes,
    command: call.command,
    ...(typeof claimed === 'string' && { client_id: claimed }),
    reply: await letIn(asked, succeed({ message: call, id, deliveryId, acknowledged })),
  }
}

const NOTHING_READ = { id: NO_ID, dialect: CANONICAL, bytes: 0, command: '' } as const

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
  return { base_revision: Number(base), ...(session_id !== undefined && { session_id }) }
}

function usable(header: string | null): string | undefined {
  return header === null || header === '' || header.length > MAX_ID_LENGTH ? undefined : header
}
