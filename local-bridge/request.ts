// Reads what arrived and refuses what needs no service to be refused. Bytes are only looked at: what is relayed stays as it came.

import { isUtf8 } from 'node:buffer'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import type { FailedCall } from '../src/protocol/catalogue.ts'
import { CANONICAL, type Dialect } from '../src/protocol/dialects/dialect.ts'
import type { Failure } from '../src/protocol/failures.ts'
import { type JsonText, toJsonText } from '../src/protocol/json-text.ts'
import { CLIENT_ID } from '../src/protocol/limits.ts'
import { type Message, readMessage } from '../src/protocol/message.ts'
import { findCommand, similarCommands } from '../src/protocol/registry.ts'
import { MAX_BODY_BYTES } from './limits.ts'

/** A message that goes to the session service. */
export type Request = {
  readonly id: JsonText
  /** How the reply is to be spelled. */
  readonly dialect: Dialect
  readonly body: Uint8Array
  /** What an error says of it. */
  readonly facts: FailedCall & { readonly command: string }
  /** True if the bridge has to add a delivery id: the command changes something and brings no idempotency key. */
  readonly needsDeliveryId: boolean
  /** True if the service is asked even for somebody without a good token. */
  readonly isOpen: boolean
}

/** A message that is answered here. */
export type Refusal = {
  readonly id: JsonText
  /** Dialect A if absent. */
  readonly dialect?: Dialect
  readonly failure: Failure
}

/** What no message id could be read of is answered with `"id": null`. */
export const NO_ID = toJsonText(null)

/** They tell of the service and of nobody's sessions; whether they are answered is for the service to decide. */
const OPEN_COMMANDS: ReadonlySet<string> = new Set(['describe', 'ping'])

/** Characters of an unknown command's name that the answer repeats. */
const MAX_ECHO = 64

const decoder = new TextDecoder()

/** Reads the body frames of one message. Never throws. */
export function readRequest(bodies: readonly Uint8Array[]): Outcome<Request, Refusal> {
  const [body] = bodies
  if (body === undefined) return refuse(NO_ID, invalid('the message has no body'))
  if (bodies.length > 1) {
    return refuse(NO_ID, invalid(`a message has one body frame, not ${bodies.length}`))
  }
  if (body.length > MAX_BODY_BYTES) {
    return refuse(NO_ID, {
      reason: 'payload_too_large',
      bytes: body.length,
      limit: MAX_BODY_BYTES,
    })
  }
  if (!isUtf8(body)) return refuse(NO_ID, { reason: 'parse_error', detail: 'it is not UTF-8' })
  const { id, dialect, message } = readMessage(decoder.decode(body))
  if (!message.ok) return refuse(id, message.failure, dialect)
  return toRequest({ id, dialect, body }, message.value)
}

function toRequest(
  came: Pick<Request, 'id' | 'dialect' | 'body'>,
  { command, parameters, idempotencyKey }: Message
): Outcome<Request, Refusal> {
  const declaration = findCommand(command)
  if (declaration === undefined) {
    const unknown: Failure = {
      reason: 'unknown_command',
      command: command.slice(0, MAX_ECHO).toWellFormed(),
      did_you_mean: similarCommands(command),
    }
    return refuse(came.id, unknown, came.dialect)
  }
  const { client_id } = parameters
  const known = typeof client_id === 'string' && CLIENT_ID.test(client_id)
  return succeed({
    ...came,
    facts: { command: declaration.name, ...(known && { client_id }) },
    needsDeliveryId: declaration.mutates && idempotencyKey === undefined,
    isOpen: OPEN_COMMANDS.has(declaration.name),
  })
}

function refuse(
  id: JsonText,
  failure: Failure,
  dialect: Dialect = CANONICAL
): { ok: false; failure: Refusal } {
  return { ok: false, failure: { id, dialect, failure } }
}

function invalid(detail: string): Failure {
  return { reason: 'invalid_request', detail }
}
