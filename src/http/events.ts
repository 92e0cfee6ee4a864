// GET /v1/events: a socket that tells what changes for a client. Everything that can be refused is refused before it opens.

import { locate } from '../client-object/locate.ts'
import { watchClient } from '../client-object/stub.ts'
import type { Auth } from '../env.ts'
import { faultText, log } from '../log.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type JsonObject, parseParameters } from '../protocol/command.ts'
import { getEvents } from '../protocol/commands/get-events.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { callerOf, type Scene } from './dispatch.ts'
import { type Asked, admit, counted, refusal } from './let-in.ts'

/** How long one socket lives at most, so that a token that was taken back is noticed: as long as a verdict is believed. */
const LIFETIME_MS: Readonly<Record<Auth['mode'], number>> = {
  off: 3_600_000,
  jwt: 900_000,
  introspection: 60_000,
}

/** What a request without an upgrade is told. */
export const NO_UPGRADE: Failure = {
  reason: 'invalid_request',
  detail: 'connect to /v1/events with a WebSocket; without one send get_events',
}

const AFTER = /^\d{1,15}$/

/** Opens the socket that a request asks for. */
export async function openEvents(asked: Asked): Promise<Outcome<Response, Failure>> {
  try {
    const opened = await open(asked)
    if (opened.ok) return opened
    const { outcome } = await counted(asked, refusal(opened))
    return outcome.ok ? opened : outcome
  } catch (error) {
    const { request_id } = asked.running
    log({ event: 'fault', where: 'http', request_id, error: faultText(error) })
    return fail({ reason: 'internal_error' })
  }
}

async function open(asked: Asked): Promise<Outcome<Response, Failure>> {
  const admitted = await admit(asked)
  if (!admitted.ok) return admitted
  const scene = admitted.value
  const wanted = parseParameters(getEvents, query(asked.request.url))
  if (!wanted.ok) return wanted
  const { client_id, after } = wanted.value
  const route = locate('get_events', { client_id }, scene.principal.team, scene.settings)
  if (!route.ok) return route
  const response = await watchClient(scene.env, route.value, {
    caller: callerOf(scene),
    client_id,
    ...(after !== undefined && { after }),
    ...lifetime(scene),
  })
  const { webSocket } = response
  return webSocket === null
    ? fail({ reason: 'rate_limited', retry_after_ms: RETRY_AFTER_MS })
    : succeed(new Response(null, { status: 101, webSocket }))
}

/** How soon somebody with too many sockets may try again. */
const RETRY_AFTER_MS = 1000

/** Parameters as a query can carry them. */
function query(url: string): JsonObject {
  const { client_id, after } = Object.fromEntries(new URL(url).searchParams)
  return {
    ...(client_id !== undefined && { client_id }),
    ...(after !== undefined && { after: AFTER.test(after) ? Number(after) : after }),
  }
}

function lifetime({ principal, settings, clock }: Scene) {
  const longest = clock.now() + LIFETIME_MS[settings.auth.mode]
  const tokenEnds = principal.expires_at ?? Number.POSITIVE_INFINITY
  return { until: Math.min(longest, tokenEnds), untilTokenEnds: tokenEnds < longest }
}
