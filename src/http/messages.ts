// POST /v1/messages: one envelope in, one envelope out, whatever arrives.

import { isoTime } from '../clock.ts'
import { type Env, readSettings } from '../env.ts'
import { faultText, log } from '../log.ts'
import type { Reply } from '../protocol/call.ts'
import { fail } from '../protocol/failures.ts'
import { type JsonText, utf8Bytes } from '../protocol/json-text.ts'
import { MAX_ID_LENGTH } from '../protocol/limits.ts'
import { type Message, readMessage } from '../protocol/message.ts'
import { findCommand } from '../protocol/registry.ts'
import { authenticate } from './authenticate.ts'
import { type Delivered, dispatch } from './dispatch.ts'
import { readBody } from './read-body.ts'
import { type Answer, type Rendered, respond } from './respond.ts'
import type { Running } from './running.ts'

const NO_ID = 'null' as JsonText

/** Answers the message in the body of a request. */
export async function answerMessage(
  request: Request,
  env: Env,
  running: Running
): Promise<Rendered> {
  const receivedAt = running.clock.now()
  const answer = await answerTo(request, env, running)
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
    bytes_out: utf8Bytes(response.body),
    replayed: answer.reply.replayed,
    ...(running.traceparent !== undefined && { traceparent: running.traceparent }),
  })
  return response
}

async function answerTo(request: Request, env: Env, running: Running): Promise<Answer> {
  const { request_id } = running
  const body = await readBody(request)
  if (!body.ok) return { ...NOTHING_READ, request_id, reply: refusal(body) }
  const { text, bytes } = body.value
  const { id, message } = readMessage(text)
  if (!message.ok) return { ...NOTHING_READ, request_id, id, bytes, reply: refusal(message) }
  const call = withHeaderKey(message.value, request.headers)
  const deliveryId = usable(request.headers.get('x-delivery-id'))
  const claimed = call.parameters.client_id
  return {
    request_id,
    id,
    bytes,
    command: call.command,
    ...(typeof claimed === 'string' && { client_id: claimed }),
    reply: await guarded(env, running, { message: call, id, deliveryId }),
  }
}

const NOTHING_READ = { id: NO_ID, bytes: 0, command: '' } as const

/** The one catch of the door: a fault is told as ours, with nothing of what it said. */
async function guarded(env: Env, running: Running, delivered: Delivered): Promise<Reply> {
  try {
    const settings = readSettings(env)
    const principal = authenticate(settings)
    return await dispatch({ ...running, env, settings, principal }, delivered)
  } catch (error) {
    const { request_id } = running
    const { command } = delivered.message
    log({ event: 'fault', where: 'http', request_id, command, error: faultText(error) })
    return refusal(fail({ reason: 'internal_error' }))
  }
}

/** The key of the message itself wins over the header's. */
function withHeaderKey(message: Message, headers: Headers): Message {
  const header = usable(headers.get('idempotency-key'))
  if (message.idempotencyKey !== undefined || header === undefined) return message
  return { ...message, idempotencyKey: header }
}

function usable(header: string | null): string | undefined {
  return header === null || header === '' || header.length > MAX_ID_LENGTH ? undefined : header
}

function refusal(outcome: Extract<Reply['outcome'], { ok: false }>): Reply {
  return { outcome, replayed: false, warnings: [] }
}
