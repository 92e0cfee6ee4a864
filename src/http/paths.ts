// What a request is told that carried no message: a path or a method that is not served, or a door that is not open.

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { isoTime } from '../clock.ts'
import type { Env } from '../env.ts'
import { toWire } from '../protocol/catalogue.ts'
import type { Failure } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import { errorReply } from '../protocol/reply.ts'
import { headersOf, JSON_HEADERS } from './respond.ts'
import type { Running } from './running.ts'

export type AppEnv = { Bindings: Env; Variables: { running: Running } }

/** What each path takes; anything else there is 405. */
export const METHODS = {
  '/healthz': 'GET, HEAD',
  '/readyz': 'GET, HEAD',
  '/openapi.json': 'GET, HEAD',
  '/v1/describe': 'GET, HEAD',
  '/v1/messages': 'POST',
  '/v1/batches': 'POST',
  '/v1/events': 'GET',
  '/': 'GET, HEAD',
  '/panel/config.json': 'GET, HEAD',
  '/panel/me': 'GET, HEAD',
  '/panel/token': 'POST',
} as const

export function notTaken(method: string, methods: string): Failure {
  return { reason: 'invalid_request', detail: `${method} is not taken here; send ${methods}` }
}

export const NOTHING_HERE: Failure = {
  reason: 'invalid_request',
  detail: 'there is nothing here; send messages with POST to /v1/messages',
}

/** An error envelope for a request that carried no message. */
export function refuse(c: Context<AppEnv>, failure: Failure, status = statusOf(failure)): Response {
  const { request_id, clock } = c.get('running')
  const body = errorReply({
    id: 'null' as JsonText,
    failure,
    timestamp: isoTime(clock.now()),
    meta: { request_id },
  })
  const headers = { ...JSON_HEADERS, ...headersOf(failure) }
  return c.body(body, status as ContentfulStatusCode, headers)
}

function statusOf(failure: Failure): number {
  return toWire(failure).http_status
}
