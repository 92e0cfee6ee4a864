// Spells replies in dialects C and D, as the structs of STUI's protocol 1.0.0 read them: an error has one of six codes,
// and its details are strings.

import type { WireError } from '../catalogue.ts'
import { type JsonText, toJsonText } from '../json-text.ts'
import { PROTOCOL_VERSION } from '../limits.ts'
import type { Dialect } from './dialect.ts'

export type TypedDialect = Exclude<Dialect, { readonly spelling: 'canonical' }>

export const ERROR_CODES = [
  'InvalidRequest',
  'ObjectNotFound',
  'PermissionDenied',
  'InternalError',
  'Timeout',
  'UnsupportedOperation',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** The envelope of a reply: what is beside its data. `rest` holds members to add, each with a comma before it. */
export type TypedEnvelope = {
  readonly id: JsonText
  readonly timestamp: string
  readonly rest: string
}

/** A success of dialect C or D; the response is named as the request was. */
export function typedSuccess(
  dialect: TypedDialect,
  result: JsonText,
  envelope: TypedEnvelope
): string {
  return wrapped(dialect, dialect.request_type, result, envelope)
}

/** A refusal of dialect C or D. */
export function typedError(
  dialect: TypedDialect,
  error: WireError,
  envelope: TypedEnvelope
): string {
  const data = toJsonText({
    code: errorCode(error),
    message: error.error,
    details: detailsOf(error),
    stack_trace: null,
  })
  return wrapped(dialect, 'Error', data, envelope)
}

function wrapped(
  { spelling }: TypedDialect,
  responseType: string,
  data: JsonText,
  { id, timestamp, rest }: TypedEnvelope
): string {
  const response = `"response_type":${toJsonText(responseType)},"data":${data}`
  if (spelling === 'typed') return `{${response}${rest}}`
  return `{"id":${id},"version":"${PROTOCOL_VERSION}","timestamp":"${timestamp}","payload":{"type":"Response","data":{${response}}}${rest}}`
}

/** The code that tells an error_code of ours best. */
export function errorCode({ error_code, error_type, http_status }: WireError): ErrorCode {
  if (error_code === 'unknown_command' || error_code === 'unsupported_version') {
    return 'UnsupportedOperation'
  }
  if (error_type === 'SessionNotFound') return 'ObjectNotFound'
  if (http_status === 401 || http_status === 403) return 'PermissionDenied'
  if (http_status === 504) return 'Timeout'
  return http_status < 429 ? 'InvalidRequest' : 'InternalError'
}

function detailsOf({ error_code, error_type, details, recovery }: WireError) {
  const given = Object.entries(details ?? {}).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : toJsonText(value),
  ])
  return {
    ...Object.fromEntries(given),
    error_code,
    error_type,
    ...(recovery.length > 0 && { recovery: toJsonText(recovery) }),
  }
}
