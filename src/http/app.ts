// The door: which path answers what. Every answer carries a request id; nothing may be cached.

import { type Context, Hono, type MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Fetch } from '../access/stui-api.ts'
import { type Clock, isoTime } from '../clock.ts'
import { type Env, readSettings, SettingsError } from '../env.ts'
import { faultText, log } from '../log.ts'
import { toWire } from '../protocol/catalogue.ts'
import type { Failure } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import { describeCommands } from '../protocol/reference.ts'
import { openApiDocument } from '../protocol/reference-openapi.ts'
import { findCommand, similarCommands } from '../protocol/registry.ts'
import { errorReply } from '../protocol/reply.ts'
import { VERSION } from '../version.ts'
import { createFailureLimits } from './failure-limits.ts'
import type { Shared } from './let-in.ts'
import { answerMessage } from './messages.ts'
import { JSON_HEADERS } from './respond.ts'
import { type Running, runningRequest } from './running.ts'
import { createVerifiers } from './verifiers.ts'

type AppEnv = { Bindings: Env; Variables: { running: Running } }

export type AppParts = {
  readonly clock: Clock
  readonly newId: () => string
  /** How the STUI API is reached. */
  readonly fetch: Fetch
}

/** The HTTP application. */
export function createApp(parts: AppParts) {
  const app = new Hono<AppEnv>()
  const shared: Shared = {
    verifiers: createVerifiers(parts),
    failures: createFailureLimits(parts.clock),
  }
  let startedAt: number | undefined

  app.use(async (c, next) => {
    const began = parts.clock.now()
    startedAt ??= began
    const running = runningRequest(c.req.raw.headers, { ...parts, startedAt })
    c.set('running', running)
    await next()
    // Set on the response that there is: c.header would make a new one for each.
    const { headers } = c.res
    headers.set('x-request-id', running.request_id)
    headers.set('cache-control', 'no-store')
    headers.set('server-timing', `total;dur=${parts.clock.now() - began}`)
    if (running.traceparent !== undefined) headers.set('traceparent', running.traceparent)
  })

  app.use(configured)

  app.get('/healthz', (c) => c.json({ status: 'ok', version: VERSION }))
  app.get('/openapi.json', (c) => c.json(openApiDocument()))
  app.get('/v1/describe', (c) => {
    const command = c.req.query('command')
    if (command === undefined || findCommand(command) !== undefined) {
      return c.json(describeCommands(command))
    }
    return refuse(c, {
      reason: 'unknown_command',
      command: command.slice(0, MAX_ECHO),
      did_you_mean: similarCommands(command),
    })
  })
  app.post('/v1/messages', async (c) => {
    const asked = { request: c.req.raw, env: c.env, running: c.get('running'), shared }
    const { body, status, headers } = await answerMessage(asked)
    return c.body(body, status, headers)
  })

  for (const [path, methods] of Object.entries(METHODS)) {
    app.all(path, (c) => {
      c.header('allow', methods)
      return refuse(c, notTaken(c.req.method, methods), 405)
    })
  }
  app.notFound((c) => refuse(c, NOTHING_HERE, 404))
  app.onError((error, c) => {
    const { request_id } = c.get('running')
    log({ event: 'fault', where: 'http', request_id, error: faultText(error) })
    return refuse(c, { reason: 'internal_error' })
  })
  return app
}

/** What each path takes; anything else there is 405. */
const METHODS = {
  '/healthz': 'GET, HEAD',
  '/openapi.json': 'GET, HEAD',
  '/v1/describe': 'GET, HEAD',
  '/v1/messages': 'POST',
} as const

/** Characters of an unknown command that the answer repeats. */
const MAX_ECHO = 64

function notTaken(method: string, methods: string): Failure {
  return { reason: 'invalid_request', detail: `${method} is not taken here; send ${methods}` }
}

const NOTHING_HERE: Failure = {
  reason: 'invalid_request',
  detail: 'there is nothing here; send messages with POST to /v1/messages',
}

/** Fails closed: a Worker whose settings are absent or wrong serves nothing, and says which one. */
const configured: MiddlewareHandler<AppEnv> = async (c, next) => {
  try {
    readSettings(c.env)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    log({ event: 'refused_to_serve', detail: error.message })
    return refuse(c, { reason: 'upstream_unavailable', detail: error.message })
  }
  return next()
}

/** An error envelope for a request that carried no message. */
function refuse(c: Context<AppEnv>, failure: Failure, status = statusOf(failure)): Response {
  const { request_id, clock } = c.get('running')
  const body = errorReply({
    id: 'null' as JsonText,
    failure,
    timestamp: isoTime(clock.now()),
    meta: { request_id },
  })
  return c.body(body, status as ContentfulStatusCode, JSON_HEADERS)
}

function statusOf(failure: Failure): number {
  return toWire(failure).http_status
}
