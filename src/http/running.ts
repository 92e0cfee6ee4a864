// What is known of a request before it is read: its id, its trace, and the clock it runs by.

import type { Clock } from '../clock.ts'

export type Running = {
  readonly request_id: string
  /** W3C trace context, passed through. */
  readonly traceparent?: string
  readonly clock: Clock
  /** When this instance of the Worker began to serve, in epoch milliseconds. */
  readonly startedAt: number
}

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

/** Takes over the caller's request id if it can be logged safely, else makes one. */
export function runningRequest(
  headers: Headers,
  parts: { readonly clock: Clock; readonly startedAt: number; readonly newId: () => string }
): Running {
  const given = headers.get('x-request-id') ?? ''
  const traceparent = headers.get('traceparent') ?? ''
  return {
    request_id: REQUEST_ID.test(given) ? given : parts.newId(),
    ...(TRACEPARENT.test(traceparent) && { traceparent }),
    clock: parts.clock,
    startedAt: parts.startedAt,
  }
}
