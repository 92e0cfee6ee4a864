// The door: which path answers what. Every answer carries a request id; nothing may be cached.

import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { createSignInPage } from '../access/sign-in.ts'
import type { Fetch } from '../access/stui-api.ts'
import type { Clock } from '../clock.ts'
import { readSettings, SettingsError } from '../env.ts'
import { faultText, log } from '../log.ts'
import { openApiDocument } from '../protocol/reference-openapi.ts'
import { findCommand } from '../protocol/registry.ts'
import { described } from '../protocol/self-answers.ts'
import { VERSION } from '../version.ts'
import { answerBatch } from './batches.ts'
import { createDoorLimits } from './door-limits.ts'
import { NO_UPGRADE, openEvents } from './events.ts'
import { createFailureLimits } from './failure-limits.ts'
import type { Asked, Shared } from './let-in.ts'
import { answerMessage } from './messages.ts'
import { foreignPage } from './own-pages-only.ts'
import { panelConfig, panelFile, panelPage, redeemCode, whoAsks } from './panel.ts'
import { type AppEnv, METHODS, NOTHING_HERE, notTaken, refuse } from './paths.ts'
import { readiness } from './readiness.ts'
import { runningRequest } from './running.ts'
import { choosing, withSocketToken } from './socket-token.ts'
import { beyondThisMachine } from './this-machine.ts'
import { createVerifiers } from './verifiers.ts'

export type AppParts = {
  readonly clock: Clock
  readonly newId: () => string
  /** How the STUI API is reached. */
  readonly fetch: Fetch
  /** The commands that are served; those of the registry if absent. */
  readonly find?: typeof findCommand
}

/** The HTTP application. */
export function createApp(parts: AppParts) {
  const app = new Hono<AppEnv>()
  const shared: Shared = {
    verifiers: createVerifiers(parts),
    failures: createFailureLimits(parts.clock),
    door: createDoorLimits(parts.clock),
    find: parts.find ?? findCommand,
  }
  const signInPage = createSignInPage(parts.clock)
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
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
    headers.set('server-timing', `total;dur=${parts.clock.now() - began}`)
    if (running.traceparent !== undefined) headers.set('traceparent', running.traceparent)
  })

  // Before the settings are looked at: the process is well, whatever it was told or not told.
  app.get('/healthz', (c) => {
    return c.json({
      status: 'ok',
      version: VERSION,
      configured: whyNotServed(c) === undefined,
    })
  })

  app.use(configured)
  app.use(async (c, next) => {
    const foreign = foreignPage(readSettings(c.env).auth, c.req.raw)
    return foreign === undefined ? next() : refuse(c, foreign)
  })

  app.get('/readyz', (c) => c.json(readiness(readSettings(c.env))))
  app.get('/openapi.json', (c) => c.json(openApiDocument()))
  app.get('/v1/describe', (c) => {
    const told = described(c.req.query('command')?.slice(0, MAX_ECHO))
    return told.ok ? c.json(told.value) : refuse(c, told.failure)
  })
  app.post('/v1/messages', async (c) => {
    const { body, status, headers } = await answerMessage(askedOf(c, shared))
    return c.body(body, status, headers)
  })

  app.post('/v1/batches', async (c) => {
    const { body, status, headers } = await answerBatch(askedOf(c, shared))
    return c.body(body, status, headers)
  })

  app.get('/v1/events', async (c) => {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      c.header('upgrade', 'websocket')
      return refuse(c, NO_UPGRADE, 426)
    }
    const asked = askedOf(c, shared)
    const opened = await openEvents({ ...asked, request: withSocketToken(asked.request) })
    return opened.ok ? choosing(asked.request, opened.value) : refuse(c, opened.failure)
  })

  app.get('/', (c) => panelPage(c.req.raw))
  app.get('/panel/config.json', async (c) =>
    c.json(await panelConfig(readSettings(c.env), { fetch: parts.fetch, signInPage }))
  )
  app.get('/panel/me', async (c) => {
    const me = await whoAsks(askedOf(c, shared))
    return me.ok ? c.json(me.value) : refuse(c, me.failure)
  })
  app.post('/panel/token', async (c) => {
    const grant = await redeemCode(askedOf(c, shared), parts.fetch)
    return grant.ok ? c.json(grant.value) : refuse(c, grant.failure)
  })
  app.get('/panel/:file', (c) => {
    return panelFile(c.req.raw, c.req.param('file')) ?? refuse(c, NOTHING_HERE, 404)
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

/** Characters of an unknown command that the answer repeats. */
const MAX_ECHO = 64

function askedOf(c: Context<AppEnv>, shared: Shared): Asked {
  return { request: c.req.raw, env: c.env, running: c.get('running'), shared }
}

/** Fails closed: a Worker whose settings are absent or wrong serves nothing, and says which one. */
const configured: MiddlewareHandler<AppEnv> = async (c, next) => {
  const detail = whyNotServed(c)
  if (detail === undefined) return next()
  log({ event: 'refused_to_serve', detail })
  return refuse(c, { reason: 'upstream_unavailable', detail })
}

/** What is wrong with the settings, or with asking them from elsewhere; undefined if nothing is. */
function whyNotServed({ env, req }: Context<AppEnv>): string | undefined {
  try {
    return beyondThisMachine(readSettings(env).auth, req.raw)
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
}
