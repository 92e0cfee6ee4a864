// What crosses from the door to an object and back. Plain data: opaque state is JSON text in both directions,
// because text crosses RPC for a fraction of what objects cost.

import type { KnownImage } from '../image/record.ts'
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
  /** What it may do for other clients of the team; absent means member. */
  readonly role?: 'member' | 'admin'
  /** When the credentials end, in epoch milliseconds; absent if they do not say. */
  readonly token_expires_at?: number
}

/** What a bridge says of work that it acknowledged while the service was out of reach. */
export type Acknowledged = {
  /** The revision that the work was done on; 0 for a creation. */
  readonly base_revision: number
  /** The id that the client was told for a session that the command opens. */
  readonly session_id?: string
  /** The session that the work goes to, where a conflict has led it away from the one that its message names. */
  readonly target?: string
}

/** One command for an object. */
export type Call = {
  readonly command: string
  readonly parameters: JsonObject
  readonly caller: Caller
  /** The network address that the message came from, where the door knows it. */
  readonly from?: string
  /** Finds the command in the log. */
  readonly request_id?: string
  /** The id of the message as JSON text. */
  readonly message_id?: JsonText
  readonly idempotency_key?: string
  /** A bridge's name for what it delivers, the same for each of its attempts; weaker than a client's key. */
  readonly delivery_id?: string
  /** How the images are that the command is about, where the door has asked for somebody who is told more than their owner. */
  readonly images?: readonly KnownImage[]
  /** Present for work that the client was told is safe; no part of what tells requests apart. */
  readonly acknowledged?: Acknowledged
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
