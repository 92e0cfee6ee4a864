// Writes replies: one envelope for success and one for refusal (seed 000, "Response Format").
// Keys of the seeds are never renamed; client_id, error_code, details, recovery and meta are additions.

import { type FailedCall, toWire } from './catalogue.ts'
import type { Failure } from './failures.ts'
import { type JsonText, toJsonText } from './json-text.ts'

/** How safe what was answered is: in the client's object, or on this machine's disk and on its way. */
export type Persistence = 'durable' | 'journaled'

/** What a reply says about itself. */
export type Meta = {
  readonly request_id?: string
  readonly persistence?: Persistence
  /** True if this is the stored answer to an earlier request with the same key. */
  readonly replayed?: true
  /** Sentences about what was ignored or repaired. */
  readonly warnings?: readonly string[]
}

export type Answered = {
  readonly id: JsonText
  readonly client_id?: string
  readonly result: JsonText
  readonly timestamp: string
  readonly meta?: Meta
}

export type Refused = {
  readonly id: JsonText
  readonly failure: Failure
  readonly call?: FailedCall
  readonly timestamp: string
  readonly meta?: Meta
}

/** Writes a success; the result goes in as the text that it is. */
export function successReply({ id, client_id, result, timestamp, meta }: Answered): string {
  const client = client_id === undefined ? '' : `"client_id":${toJsonText(client_id)},`
  return `{"id":${id},"status":"success",${client}"result":${result},"timestamp":"${timestamp}"${metaMember(meta)}}`
}

/** Writes a refusal. */
export function errorReply({ id, failure, call = {}, timestamp, meta }: Refused): string {
  const { http_status: _, error, error_type, ...rest } = toWire(failure, call)
  const client = call.client_id === undefined ? {} : { client_id: call.client_id }
  const body = toJsonText({ ...client, error, error_type, timestamp, ...rest })
  return `{"id":${id},"status":"error",${body.slice(1, -1)}${metaMember(meta)}}`
}

function metaMember(meta: Meta | undefined): string {
  return meta === undefined || Object.keys(meta).length === 0 ? '' : `,"meta":${toJsonText(meta)}`
}
