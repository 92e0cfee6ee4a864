// Turns a reply into an HTTP response: the body is the envelope in every case, the status mirrors it.

import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Reply } from '../protocol/call.ts'
import { toWire } from '../protocol/catalogue.ts'
import { CANONICAL, type Dialect } from '../protocol/dialects/dialect.ts'
import type { Failure } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { Message } from '../protocol/message.ts'
import { findCommand } from '../protocol/registry.ts'
import { errorReply, type Meta, successReply } from '../protocol/reply.ts'

/** A message, as far as it could be read, and what it is answered. */
export type Answer = {
  readonly id: JsonText
  readonly dialect: Dialect
  readonly command: string
  readonly client_id?: string
  readonly bytes: number
  readonly request_id: string
  readonly reply: Reply
}

/** A message that could not be read. */
export const NOTHING_READ = {
  id: 'null' as JsonText,
  dialect: CANONICAL,
  bytes: 0,
  command: '',
} as const

/** Which command a message names, and the client that it says it is about. */
export function named({ command, parameters }: Message): Pick<Answer, 'command' | 'client_id'> {
  const { client_id } = parameters
  return { command, ...(typeof client_id === 'string' && { client_id }) }
}

export type Rendered = {
  /** UTF-8: encoded once, so that the log knows its length for nothing. */
  readonly body: Uint8Array<ArrayBuffer>
  readonly status: ContentfulStatusCode
  readonly headers: Record<string, string>
  /** `success` or the error code. */
  readonly outcome: string
}

const encoder = new TextEncoder()

/** An encoder's own memory is never shared, which its type does not say. */
function encoded(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text) as Uint8Array<ArrayBuffer>
}

/** Renders an answer. */
export function respond(answer: Answer, timestamp: string): Rendered {
  const { id, dialect, reply } = answer
  const { outcome } = reply
  const client_id = reply.client_id ?? answer.client_id
  if (outcome.ok) {
    const body = successReply({
      id,
      dialect,
      ...(client_id !== undefined && { client_id }),
      result: outcome.value,
      timestamp,
      meta: metaOf(answer),
    })
    return { body: encoded(body), status: 200, headers: JSON_HEADERS, outcome: 'success' }
  }
  const call = {
    ...(findCommand(answer.command) !== undefined && { command: answer.command }),
    ...(client_id !== undefined && isTold(outcome.failure.reason) && { client_id }),
  }
  const { failure } = outcome
  const body = errorReply({ id, dialect, failure, call, timestamp, meta: metaOf(answer) })
  const { http_status } = toWire(failure)
  return {
    body: encoded(body),
    status: http_status as ContentfulStatusCode,
    headers: { ...JSON_HEADERS, ...headersOf(failure) },
    outcome: failure.reason,
  }
}

/** What HTTP itself wants to know of a refusal. */
export function headersOf(failure: Failure): Record<string, string> {
  switch (failure.reason) {
    case 'rate_limited':
      return { 'retry-after': String(Math.ceil(failure.retry_after_ms / 1000)) }
    case 'unauthenticated':
    case 'token_expired':
      return { 'www-authenticate': 'Bearer realm="stui-sessions", error="invalid_token"' }
    default:
      return {}
  }
}

/** Every answer is JSON, and none may be cached. */
export const JSON_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
}

/** A client id that is not well formed is not echoed. */
function isTold(reason: string): boolean {
  return reason !== 'invalid_client_id'
}

function metaOf({ command, request_id, reply }: Answer): Meta {
  const isStored = reply.outcome.ok && findCommand(command)?.scope.startsWith('client') === true
  return {
    request_id,
    ...(isStored && { persistence: 'durable' as const }),
    ...(reply.replayed && { replayed: true as const }),
    ...(reply.warnings.length > 0 && { warnings: reply.warnings }),
  }
}
