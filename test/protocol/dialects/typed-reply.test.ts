// Replies of dialects C and D, read by decoders as strict as STUI's own structs.

import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Dialect } from '../../../src/protocol/dialects/dialect.ts'
import { ERROR_CODES } from '../../../src/protocol/dialects/typed-reply.ts'
import type { Failure } from '../../../src/protocol/failures.ts'
import type { JsonText } from '../../../src/protocol/json-text.ts'
import { errorReply, successReply } from '../../../src/protocol/reply.ts'

const enveloped: Dialect = { spelling: 'enveloped', request_type: 'GetSessionInfo' }
const typed: Dialect = { spelling: 'typed', request_type: 'GetSessionInfo' }

const errorData = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string().min(1),
  details: z.record(z.string(), z.string()),
  stack_trace: z.null(),
})
const response = z.strictObject({ response_type: z.literal('Error'), data: errorData })
const envelope = z.object({
  id: z.string(),
  version: z.literal('1.0.0'),
  timestamp: z.iso.datetime(),
  payload: z.strictObject({ type: z.literal('Response'), data: response }),
})

const about = {
  id: '"m-1"' as JsonText,
  timestamp: '2025-08-30T10:30:00.000Z',
  meta: { request_id: 'r' },
}

const FAILURES: readonly (readonly [Failure, string])[] = [
  [{ reason: 'parse_error', detail: 'it is empty' }, 'InvalidRequest'],
  [{ reason: 'missing_parameter', name: 'client_id' }, 'InvalidRequest'],
  [
    { reason: 'session_limit_exceeded', limit: 5, active: 5, oldest_session_id: 's' },
    'InvalidRequest',
  ],
  [{ reason: 'idempotency_conflict' }, 'InvalidRequest'],
  [{ reason: 'unknown_command', command: 'x', did_you_mean: ['ping'] }, 'UnsupportedOperation'],
  [{ reason: 'unsupported_version', version: '2', supported: ['1'] }, 'UnsupportedOperation'],
  [{ reason: 'session_not_found' }, 'ObjectNotFound'],
  [
    { reason: 'session_closed', session_id: 's', closed_at: 't', restorable_until: 't' },
    'ObjectNotFound',
  ],
  [{ reason: 'session_corrupted', session_id: 's', components: [] }, 'ObjectNotFound'],
  [{ reason: 'unauthenticated', detail: 'd' }, 'PermissionDenied'],
  [{ reason: 'client_not_allowed', client_id: 'c' }, 'PermissionDenied'],
  [{ reason: 'timeout', after_ms: 1 }, 'Timeout'],
  [{ reason: 'rate_limited', retry_after_ms: 1 }, 'InternalError'],
  [{ reason: 'upstream_unavailable', detail: 'd' }, 'InternalError'],
  [{ reason: 'internal_error' }, 'InternalError'],
]

describe('a refusal', () => {
  it.each(FAILURES)(
    'has one of the six codes, and details that are strings: %j',
    (failure, code) => {
      const text = errorReply({ ...about, failure, dialect: enveloped, call: { client_id: 'c' } })
      const read = envelope.parse(JSON.parse(text))
      expect(read.payload.data.data.code).toBe(code)
      expect(read.payload.data.data.details).toMatchObject({ error_code: failure.reason })
    }
  )

  it('offers its recovery as JSON in the details', () => {
    const failure: Failure = {
      reason: 'session_limit_exceeded',
      limit: 5,
      active: 5,
      oldest_session_id: 'session_1',
    }
    const { data } = JSON.parse(errorReply({ ...about, failure, dialect: typed }))
    expect(data.details).toMatchObject({ limit: '5', oldest_session_id: 'session_1' })
    expect(JSON.parse(data.details.recovery)[0]).toMatchObject({ command: 'close_session' })
  })
})

describe('a success', () => {
  const result = '{"n": 12345678901234567890}' as JsonText

  it('is named as the request was and holds the result as it is', () => {
    const text = successReply({ ...about, result, client_id: 'c', dialect: enveloped })
    expect(text).toBe(
      `{"id":"m-1","version":"1.0.0","timestamp":"${about.timestamp}","payload":{"type":"Response","data":{"response_type":"GetSessionInfo","data":${result}}},"client_id":"c","meta":{"request_id":"r"}}`
    )
  })

  it('of dialect D is the response alone, and what it says about itself', () => {
    expect(successReply({ ...about, result, dialect: typed })).toBe(
      `{"response_type":"GetSessionInfo","data":${result},"meta":{"request_id":"r"}}`
    )
  })
})
