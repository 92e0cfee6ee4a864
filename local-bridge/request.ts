// Reads what arrived and refuses what needs no service to be refused. Bytes are only looked at: what is relayed stays as it came.

import { isUtf8 } from 'node:buffer'
import type { Outcome } from '../src/outcome.ts'
import { succeed } from '../src/outcome.ts'
import type { FailedCall } from '../src/protocol/catalogue.ts'
import type { JsonObject } from '../src/protocol/command.ts'
import { CANONICAL, type Dialect } from '../src/protocol/dialects/dialect.ts'
import { readDialect } from '../src/protocol/dialects/read-dialect.ts'
import type { Failure } from '../src/protocol/failures.ts'
import {
  asJsonText,
  isObjectText,
  type JsonText,
  outline,
  toJsonText,
} from '../src/protocol/json-text.ts'
import { CLIENT_ID } from '../src/protocol/limits.ts'
import { type Message, readMessage } from '../src/protocol/message.ts'
import { findCommand, similarCommands } from '../src/protocol/registry.ts'
import { isUniqueId } from '../src/session/idempotency.ts'
import { MAX_BODY_BYTES } from './limits.ts'
import { BRIDGE_DROP } from './operate/bridge-drop.ts'
import { BRIDGE_RETRY } from './operate/bridge-retry.ts'
import { BRIDGE_STATUS } from './operate/bridge-status.ts'

/** What is known of every message that is sent on. */
type Sound = {
  readonly id: JsonText
  /** How the reply is to be spelled. */
  readonly dialect: Dialect
  readonly body: Uint8Array
  readonly message: Message
}

/** A message that goes to the session service. */
export type Request = Sound & {
  readonly to: 'service'
  /** What an error says of it. */
  readonly facts: FailedCall & { readonly command: string }
  /** True if the bridge has to add a delivery id: the command changes something. */
  readonly needsDeliveryId: boolean
  /** True if the client itself tells it from all others: by an idempotency key, or a message id that nobody repeats. */
  readonly isNamed: boolean
  /** True if the service is asked even for somebody without a good token. */
  readonly isOpen: boolean
}

/** A message whose command is not ours: it goes to an image. */
export type Foreign = Sound & {
  readonly to: 'image'
  readonly facts: FailedCall
  /** What it is told where there is no image. */
  readonly unknown: Failure
}

/** A message that only the bridge itself can answer. */
export type Inquiry = Sound & {
  readonly to: 'bridge'
  readonly facts: FailedCall & { readonly command: BridgeCommand }
}

/** What the bridge itself is asked. */
export type BridgeCommand = typeof BRIDGE_STATUS | typeof BRIDGE_DROP | typeof BRIDGE_RETRY

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

const NO_IMAGE =
  'If it is one of your Smalltalk image, start the bridge with --image <name>=tcp://<host>:<port>.'

/** Characters of an unknown command's name that the answer repeats. */
const MAX_ECHO = 64

const decoder = new TextDecoder()

/** Reads the body frames of one message. Never throws. */
export function readRequest(
  bodies: readonly Uint8Array[]
): Outcome<Request | Foreign | Inquiry, Refusal> {
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
  const text = decoder.decode(body)
  const { id, dialect, message } = readMessage(text)
  if (message.ok) return sentOn({ id, dialect, body, message: message.value })
  const odd = oddForeign(text)
  return odd === undefined
    ? refuse(id, message.failure, dialect)
    : sentOn({ id, dialect, body, message: odd })
}

/** Ours or the image's: what the registry knows is ours, and what is asked about the bridge. */
function sentOn(sound: Sound): Outcome<Request | Foreign | Inquiry, Refusal> {
  const { command, parameters, idempotencyKey } = sound.message
  const declaration = findCommand(command)
  const { client_id } = parameters
  const known = typeof client_id === 'string' && CLIENT_ID.test(client_id) && { client_id }
  if (isOfBridge(command)) {
    return succeed({ ...sound, to: 'bridge', facts: { command, ...known } })
  }
  if (declaration === undefined) {
    return succeed({ ...sound, to: 'image', facts: { ...known }, unknown: unknown(command) })
  }
  return succeed({
    ...sound,
    to: 'service',
    facts: { command: declaration.name, ...known },
    needsDeliveryId: declaration.mutates,
    isNamed: idempotencyKey !== undefined || isUniqueId(sound.id),
    isOpen: OPEN_COMMANDS.has(declaration.name),
  })
}

/** A message that an image may take though we would not: its version, id and parameters are the image's own affair. */
function oddForeign(text: string): Message | undefined {
  const json = asJsonText(text)
  if (json === undefined || !isObjectText(json)) return undefined
  const { value } = readDialect(JSON.parse(json) as JsonObject, outline(json))
  const { command, parameters } = value
  if (typeof command !== 'string' || command === '' || isOurs(command)) return undefined
  const isNamed = typeof parameters === 'object' && parameters !== null
  return { command, parameters: isNamed ? { ...value, ...parameters } : value }
}

function isOurs(command: string): boolean {
  return isOfBridge(command) || findCommand(command) !== undefined
}

function isOfBridge(command: string): command is BridgeCommand {
  return command === BRIDGE_STATUS || command === BRIDGE_DROP || command === BRIDGE_RETRY
}

/** Who has not mistyped one of ours wants an image. */
function unknown(command: string): Failure {
  const did_you_mean = similarCommands(command)
  return {
    reason: 'unknown_command',
    command: command.slice(0, MAX_ECHO).toWellFormed(),
    did_you_mean,
    ...(did_you_mean.length === 0 && { hint: NO_IMAGE }),
  }
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
