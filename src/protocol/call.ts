// What crosses from the door to an object and back. Plain data: opaque state is JSON text in both directions,
// because text crosses RPC for a fraction of what objects cost.

import type { Outcome } from '../outcome.ts'
import type { JsonObject } from './command.ts'
import type { Failure } from './failures.ts'
import type { JsonText } from './json-text.ts'

/** Who asks, from verified credentials alone. */
export type Caller = {
  readonly team: string
  /** The person or program that the credentials were given to. */
  readonly subject: string
  /** The client ids it may use: exact ids, or `prefix*`. Empty means every client id of the team. */
  readonly client_ids: readonly string[]
  /** The subscription, where one decides about limits. */
  readonly tier?: string
}

/** One command for an object. */
export type Call = {
  readonly command: string
  readonly parameters: JsonObject
  readonly caller: Caller
  /** Finds the command in the log. */
  readonly request_id?: string
  /** The id of the message as JSON text. */
  readonly message_id?: JsonText
  readonly idempotency_key?: string
  /** A bridge's name for what it delivers, the same for each of its attempts; weaker than a client's key. */
  readonly delivery_id?: string
}

/** What an object answers; the result is JSON text. */
export type Reply = {
  readonly outcome: Outcome<JsonText, Failure>
  readonly client_id?: string
  readonly replayed: boolean
  readonly warnings: readonly string[]
}

/** An object that answers commands. */
export type Answering = { execute(call: Call): Promise<Reply> }
