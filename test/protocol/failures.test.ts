// The error catalogue: what each reason of refusal is on the wire.

import { describe, expect, it } from 'vitest'
import { CATALOGUE, ERROR_TYPES, toWire } from '../../src/protocol/catalogue.ts'
import type { Failure, Reason } from '../../src/protocol/failures.ts'

const time = '2026-11-21T10:00:00.000Z'

/** One failure of every reason. */
const FAILURES: { readonly [R in Reason]: Extract<Failure, { readonly reason: R }> } = {
  parse_error: { reason: 'parse_error', detail: 'it is empty' },
  invalid_request: { reason: 'invalid_request', detail: 'parameters is an object' },
  unknown_command: { reason: 'unknown_command', command: 'pong', did_you_mean: ['ping'] },
  unsupported_version: { reason: 'unsupported_version', version: '"2"', supported: ['1.0.0'] },
  unauthenticated: { reason: 'unauthenticated', detail: 'the token is from another issuer' },
  token_expired: { reason: 'token_expired', expired_at: time },
  forbidden: { reason: 'forbidden', detail: 'the role is member', required_tier: 'pro' },
  missing_parameter: { reason: 'missing_parameter', name: 'session_id' },
  invalid_parameter: { reason: 'invalid_parameter', path: 'timeout', detail: 'too small' },
  invalid_client_id: { reason: 'invalid_client_id' },
  client_not_allowed: { reason: 'client_not_allowed', client_id: 'c' },
  session_not_found: { reason: 'session_not_found' },
  session_closed: {
    reason: 'session_closed',
    session_id: 's',
    closed_at: time,
    restorable_until: time,
  },
  session_expired: {
    reason: 'session_expired',
    session_id: 's',
    expired_at: time,
    restorable_until: time,
  },
  session_limit_exceeded: {
    reason: 'session_limit_exceeded',
    limit: 5,
    active: 5,
    oldest_session_id: 's',
  },
  revision_conflict: {
    reason: 'revision_conflict',
    session_id: 's',
    if_revision: 1,
    current_revision: 2,
  },
  idempotency_conflict: { reason: 'idempotency_conflict' },
  payload_too_large: { reason: 'payload_too_large', bytes: 3, limit: 2 },
  session_too_large: {
    reason: 'session_too_large',
    session_id: 's',
    bytes: 3,
    limit: 2,
    largest: [],
  },
  storage_limit_exceeded: {
    reason: 'storage_limit_exceeded',
    bytes: 3,
    limit: 2,
    next_deletion_at: time,
  },
  rate_limited: { reason: 'rate_limited', retry_after_ms: 100 },
  session_corrupted: {
    reason: 'session_corrupted',
    session_id: 's',
    components: ['session_state'],
  },
  upstream_unavailable: { reason: 'upstream_unavailable', detail: 'it is stopped' },
  image_unreachable: {
    reason: 'image_unreachable',
    image: 'main',
    detail: 'nobody listens at its address',
    may_have_run: false,
  },
  journal_full: { reason: 'journal_full', detail: 'the journal holds 3 changes already' },
  timeout: { reason: 'timeout', after_ms: 2300 },
  internal_error: { reason: 'internal_error' },
}

const ALL = Object.values(FAILURES)

describe('the error catalogue', () => {
  it('gives each error code its type and its HTTP status', () => {
    const pins = Object.fromEntries(
      ALL.map((failure) => {
        const { error_type, http_status } = toWire(failure)
        return [failure.reason, `${error_type} ${http_status}`]
      })
    )
    expect(pins).toEqual({
      parse_error: 'Error 400',
      invalid_request: 'Error 400',
      unknown_command: 'Error 400',
      unsupported_version: 'Error 400',
      unauthenticated: 'Error 401',
      token_expired: 'Error 401',
      forbidden: 'Error 403',
      missing_parameter: 'SessionError 400',
      invalid_parameter: 'SessionError 400',
      invalid_client_id: 'SessionError 400',
      client_not_allowed: 'SessionError 403',
      session_not_found: 'SessionNotFound 404',
      session_closed: 'SessionNotFound 410',
      session_expired: 'SessionNotFound 410',
      session_limit_exceeded: 'SessionError 409',
      revision_conflict: 'SessionError 409',
      idempotency_conflict: 'SessionError 422',
      payload_too_large: 'SessionError 413',
      session_too_large: 'SessionError 413',
      storage_limit_exceeded: 'SessionError 413',
      rate_limited: 'SessionError 429',
      session_corrupted: 'SessionNotFound 500',
      upstream_unavailable: 'RuntimeError 503',
      image_unreachable: 'RuntimeError 503',
      journal_full: 'RuntimeError 503',
      timeout: 'RuntimeError 504',
      internal_error: 'RuntimeError 500',
    })
    expect(Object.keys(pins).sort()).toEqual(Object.keys(CATALOGUE).sort())
  })

  it('knows four error types', () => {
    expect(ERROR_TYPES).toEqual(['SessionError', 'SessionNotFound', 'RuntimeError', 'Error'])
  })

  it.each(ALL)('says $reason in whole sentences', (failure) => {
    const { error } = toWire(failure)
    if (failure.reason === 'missing_parameter') expect(error).toBe('Missing session_id parameter')
    else expect(error).toMatch(/^[A-Z].*\.$/)
    expect(CATALOGUE[failure.reason].when).toMatch(/^(A|N|T|Too) ?.*\.$/)
  })

  it.each(ALL)('tells the facts of $reason under details, and none without facts', (failure) => {
    const { reason, ...facts } = failure
    const { details, error_code } = toWire(failure)
    expect(error_code).toBe(reason)
    if (Object.keys(facts).length === 0) expect(details).toBeUndefined()
    else expect(details).toMatchObject(facts)
  })

  it('says that a closed or expired session is recoverable', () => {
    expect(toWire(FAILURES.session_closed).details).toMatchObject({ recoverable: true })
    expect(toWire(FAILURES.session_expired).details).toMatchObject({ recoverable: true })
  })

  it('offers the way on where there is one', () => {
    const call = { command: 'close_session', client_id: 'c' }
    const ways = ALL.map((failure) => [
      failure.reason,
      toWire(failure, call).recovery.map(({ command }) => command),
    ])
    expect(Object.fromEntries(ways)).toMatchObject({
      parse_error: ['describe'],
      missing_parameter: ['describe'],
      forbidden: ['describe'],
      session_not_found: ['list_client_sessions'],
      session_closed: ['restore_session'],
      session_expired: ['restore_session'],
      session_limit_exceeded: ['close_session'],
      revision_conflict: ['restore_session'],
      session_too_large: ['get_session_info'],
      session_corrupted: ['list_session_revisions'],
      idempotency_conflict: ['list_client_sessions'],
      payload_too_large: ['describe'],
      internal_error: ['ping'],
      ...{ unauthenticated: [], token_expired: [], client_not_allowed: [], rate_limited: [] },
      upstream_unavailable: [],
    })
  })

  it.each([
    ...['unauthenticated', 'token_expired', 'upstream_unavailable', 'journal_full'],
    ...['image_unreachable', 'timeout', 'internal_error'],
  ] as const)(
    'offers what a bridge can say of itself where it is the bridge that tells %s',
    (r) => {
      const { recovery } = toWire(FAILURES[r], { by: 'bridge' })
      expect(recovery).toMatchObject([{ command: 'bridge_status', parameters: {} }])
    }
  )

  it('does not offer to list the sessions of a client that it does not know', () => {
    expect(toWire(FAILURES.session_not_found).recovery).toEqual([])
  })

  it('says what to do next where the caller may not', () => {
    expect(toWire(FAILURES.unauthenticated).error).toBe(
      'Not authenticated: the token is from another issuer. Get a token from the STUI API and give it to your bridge, or send it over HTTP as "Authorization: Bearer <token>".'
    )
    expect(toWire(FAILURES.token_expired).error).toContain('Get a new one')
    expect(toWire(FAILURES.forbidden).error).toBe(
      'Forbidden: the role is member. It comes with the tier pro.'
    )
    const withoutTier = { reason: 'forbidden', detail: 'the role is member' } as const
    expect(toWire(withoutTier).error).toBe(
      'Forbidden: the role is member. Ask an admin of your team.'
    )
  })

  it('says of a request to an image whether it may have run', () => {
    expect(toWire(FAILURES.image_unreachable).error).toBe(
      'The image main gives no answer: nobody listens at its address. It has not executed the request: try again shortly.'
    )
    const inFlight = { ...FAILURES.image_unreachable, image: '', may_have_run: true }
    expect(toWire(inFlight).error).toBe(
      'The image gives no answer: nobody listens at its address. It may have executed the request: look before you send it again, under a new id.'
    )
  })

  it('says of a request that could be meant for several images that none has executed it', () => {
    const failure = { ...FAILURES.image_unreachable, image: '', choices: ['a', 'b'] }
    expect(toWire(failure).error).toBe(
      'Nobody knows which image is meant, so none has executed the request: nobody listens at its address.'
    )
  })

  it('suggests the command that was meant, or the list', () => {
    expect(toWire(FAILURES.unknown_command).error).toBe(
      'Unknown command "pong". Did you mean ping? Send describe for the list.'
    )
    const failure = { reason: 'unknown_command', command: 'x', did_you_mean: [] } as const
    expect(toWire(failure).error).toBe('Unknown command "x". Send describe for the list.')
  })
})
