// Sends a command to an engine as a message on the wire does, so that opaque state takes its real way,
// and reads the answer as its declaration says it is.

import * as z from 'zod'
import type { KnownImage, WantedImages } from '../../src/image/record.ts'
import type { Call, Caller } from '../../src/protocol/call.ts'
import { toWire, type WireError } from '../../src/protocol/catalogue.ts'
import type { Failure } from '../../src/protocol/failures.ts'
import { type JsonText, outline } from '../../src/protocol/json-text.ts'
import { readMessage } from '../../src/protocol/message.ts'
import { type CommandNamed, findCommand } from '../../src/protocol/registry.ts'
import type { ClientCommand } from '../../src/session/context.ts'
import type { Engine } from '../../src/session/engine.ts'

/** Parameters as they travel: plain JSON, or the text of a JSON object. */
export type WireParameters = Readonly<Record<string, unknown>> | string

export type SendOptions = {
  /** The message id; a message without one is never taken for a repetition. */
  readonly id?: string | number
  readonly key?: string
  /** What a bridge calls the delivery. */
  readonly delivery?: string
  readonly team?: string
  readonly subject?: string
  readonly client_ids?: readonly string[]
  readonly tier?: string
  readonly role?: 'member' | 'admin'
  readonly token_expires_at?: number
  /** The network address that it comes from. */
  readonly from?: string
  /** The directory of the team, as the object asks it; without it nothing is known of images. */
  readonly images?: (wanted: WantedImages) => readonly KnownImage[]
}

export type ResultOf<Name extends ClientCommand> = z.output<CommandNamed<Name>['result']>

export type Done<Name extends ClientCommand> = {
  readonly result: ResultOf<Name>
  /** The result as text. */
  readonly text: JsonText
  /** A member of the result as the text that it is. */
  member(name: string): JsonText | undefined
  readonly client_id: string | undefined
  readonly replayed: boolean
  readonly warnings: readonly string[]
}

export type Refused = WireError & { readonly failure: Failure; readonly client_id?: string }

export type Sent<Name extends ClientCommand> =
  | ({ readonly ok: true } & Done<Name>)
  | ({ readonly ok: false } & Refused)

/** Who asks unless a test says otherwise. */
const CALLER: Caller = { team: 'local', subject: 'local', client_ids: [] }

export function sendTo<Name extends ClientCommand>(
  engine: Engine,
  command: Name,
  parameters: WireParameters,
  { id, key, delivery, from, images, ...caller }: SendOptions
): Sent<Name> {
  const { id: messageId, message } = readMessage(wireText(command, parameters, { id, key }))
  if (!message.ok) return refusal(message.failure, command)
  const call: Call = {
    command: message.value.command,
    parameters: message.value.parameters,
    caller: { ...CALLER, ...caller },
    message_id: messageId,
    ...(from !== undefined && { from }),
    ...(delivery !== undefined && { delivery_id: delivery }),
    ...(message.value.idempotencyKey !== undefined && {
      idempotency_key: message.value.idempotencyKey,
    }),
  }
  const turn = engine.admit(call)
  const wanted = turn.wantedImages()
  const { outcome, client_id, replayed, warnings } = turn.answer(wanted && images?.(wanted))
  if (!outcome.ok) return refusal(outcome.failure, command, client_id)
  const text = outcome.value
  return {
    ok: true,
    result: declared(command, text),
    text,
    member: (name) => outline(text).members.get(name),
    client_id,
    replayed,
    warnings,
  }
}

function wireText(
  command: string,
  parameters: WireParameters,
  { id, key }: { id: string | number | undefined; key: string | undefined }
): string {
  const text = typeof parameters === 'string' ? parameters : JSON.stringify(parameters)
  const keyMember = key === undefined ? '' : `"idempotency_key":${JSON.stringify(key)},`
  return `{"id":${JSON.stringify(id ?? null)},${keyMember}"command":"${command}","parameters":${text}}`
}

function refusal(failure: Failure, command: string, client_id?: string) {
  const call = { command, ...(client_id !== undefined && { client_id }) }
  return { ok: false, ...toWire(failure, call), ...call, failure } as const
}

/** Reads a result as its declaration says it is; a member that is not declared is a fault. */
function declared<Name extends ClientCommand>(command: Name, text: JsonText): ResultOf<Name> {
  const declaration = findCommand(command)
  if (declaration === undefined) throw new Error(`no such command: ${command}`)
  return z.strictObject(declaration.result.shape).parse(JSON.parse(text)) as ResultOf<Name>
}
