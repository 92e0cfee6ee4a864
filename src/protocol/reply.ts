// Writes replies: one envelope for success and one for refusal (seed 000, "Response Format"), in the asker's dialect.
// Keys of the seeds are never renamed; client_id, error_code, details, recovery and meta are additions.

import { type FailedCall, toWire } from './catalogue.ts'
import { CANONICAL, type Dialect } from './dialects/dialect.ts'
import { typedError, typedSuccess } from './dialects/typed-reply.ts'
import type { Failure } from './failures.ts'
import { type JsonText, toJsonText } from './json-text.ts'

/**
 * How safe what was answered is: in the client's object; on this machine's disk and on its way; or only told from a copy
 * on this machine, from which nothing is on its way.
 */
export type Persistence = 'durable' | 'journaled' | 'cached'

/** Who answers in the service's place: the copy of the sessions that a bridge keeps, or the bridge itself. */
export type Source = 'replica' | 'bridge'

/** What a reply says about itself. */
export type Meta = {
  readonly request_id?: string
  readonly persistence?: Persistence
  /** Absent if the service answers. */
  readonly source?: Source
  /** True if this is the stored answer to an earlier request with the same key. */
  readonly replayed?: true
  /** Seconds since the copy that answered was known to be what the service has; absent if the service answered. */
  readonly stale_s?: number
  /** Sentences about what was ignored or repaired. */
  readonly warnings?: readonly string[]
}

export type Answered = {
  readonly id: JsonText
  /** How the request was spelled; dialect A if absent. */
  readonly dialect?: Dialect
  readonly client_id?: string
  readonly result: JsonText
  readonly timestamp: string
  readonly meta?: Meta
}

export type Refused = {
  readonly id: JsonText
  /** How the request was spelled; dialect A if absent. */
  readonly dialect?: Dialect
  readonly failure: Failure
  readonly call?: FailedCall
  readonly timestamp: string
  readonly meta?: Meta
}

/** Writes a success; the result goes in as the text that it is. */
export function successReply({ id, dialect = CANONICAL, result, timestamp, ...told }: Answered) {
  const client = clientMember(told.client_id)
  const meta = metaMember(told.meta)
  if (dialect.spelling !== 'canonical') {
    return typedSuccess(dialect, result, { id, timestamp, rest: client + meta })
  }
  return `{"id":${id},"status":"success"${client},"result":${result},"timestamp":"${timestamp}"${meta}}`
}

/** Writes a refusal. */
export function errorReply({
  id,
  dialect = CANONICAL,
  failure,
  call = {},
  timestamp,
  meta,
}: Refused): string {
  const wire = toWire(failure, call)
  const client = clientMember(call.client_id)
  if (dialect.spelling !== 'canonical') {
    return typedError(dialect, wire, { id, timestamp, rest: client + metaMember(meta) })
  }
  const { http_status: _, error, error_type, ...rest } = wire
  const body = toJsonText({ error, error_type, timestamp, ...rest })
  return `{"id":${id},"status":"error"${client},${body.slice(1, -1)}${metaMember(meta)}}`
}

function clientMember(client_id: string | undefined): string {
  return client_id === undefined ? '' : `,"client_id":${toJsonText(client_id)}`
}

function metaMember(meta: Meta | undefined): string {
  return meta === undefined || Object.keys(meta).length === 0 ? '' : `,"meta":${toJsonText(meta)}`
}
