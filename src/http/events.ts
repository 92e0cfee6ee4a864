// GET /v1/events: a socket that tells what changes for a client, or for a whole team. Everything that can be refused is
// refused before it opens; what an object refuses, it refuses as it would a command.

import { locate } from '../client-object/locate.ts'
import { watchClient } from '../client-object/stub.ts'
import type { Auth } from '../env.ts'
import { whyNotOpened } from '../events/watch.ts'
import { log } from '../log.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { mayUseClient } from '../protocol/client-pattern.ts'
import { type JsonObject, parseParameters } from '../protocol/command.ts'
import { getEvents } from '../protocol/commands/get-events.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { CLIENT_ID } from '../protocol/limits.ts'
import { mayAskForTeam } from '../team/admins-only.ts'
import { watchTeam } from '../team/stub.ts'
import { callerOf, type Scene } from './dispatch.ts'
import { type Asked, letIn, unlessFault } from './let-in.ts'

/** How long one socket lives at most; what was taken back must be noticed, so a verdict's end comes first. */
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

/** What may be asked for: the events of a client, or with `scope=team` those of all clients and images. */
const CLIENT = getEvents.parameters.pick({ client_id: true, after: true })
const TEAM = getEvents.parameters.pick({ after: true })

const AFTER = /^\d{1,15}$/

/** Opens the socket that a request asks for. */
export async function openEvents(asked: Asked): Promise<Outcome<Response, Failure>> {
  const scene = await letIn(asked)
  if (!scene.ok) return scene
  const wanted = query(asked.request.url)
  const opened = await unlessFault(asked, 'get_events', () => open(scene.value, wanted))
  const { client_id } = wanted
  log({
    event: 'socket_asked_for',
    request_id: asked.running.request_id,
    ...(typeof client_id === 'string' && CLIENT_ID.test(client_id) && { client_id }),
    outcome: opened.ok ? 'success' : opened.failure.reason,
  })
  return opened
}

async function open(scene: Scene, wanted: JsonObject): Promise<Outcome<Response, Failure>> {
  const asked = await askFor(scene, wanted)
  if (!asked.ok) return fail(scene.paced() ?? asked.failure)
  const { webSocket } = asked.value
  if (webSocket === null) return fail(await whyNotOpened(asked.value))
  return succeed(new Response(null, { status: 101, webSocket }))
}

async function askFor(scene: Scene, wanted: JsonObject): Promise<Outcome<Response, Failure>> {
  switch (wanted.scope) {
    case 'team':
      return askTeam(scene, wanted)
    case 'client':
    case undefined:
      return askClient(scene, wanted)
    default:
      return fail({ reason: 'invalid_parameter', path: 'scope', detail: 'must be client or team' })
  }
}

async function askClient(scene: Scene, given: JsonObject): Promise<Outcome<Response, Failure>> {
  const wanted = parseParameters({ ...getEvents, parameters: CLIENT }, given)
  if (!wanted.ok) return wanted
  const { client_id } = wanted.value
  const route = locate('get_events', { client_id }, scene.principal.team, scene.settings)
  if (!route.ok) return route
  const covers = mayUseClient(scene.principal, client_id)
  const watch = { ...watchOf(scene, wanted.value), covers, client_id }
  return succeed(await watchClient(scene.env, route.value, { watch, from: scene.from }))
}

async function askTeam(scene: Scene, given: JsonObject): Promise<Outcome<Response, Failure>> {
  const wanted = parseParameters({ ...getEvents, parameters: TEAM }, given)
  if (!wanted.ok) return wanted
  const covers = mayAskForTeam(callerOf(scene)).ok
  const watch = { ...watchOf(scene, wanted.value), covers }
  return succeed(await watchTeam(scene.env, { watch, from: scene.from }))
}

function watchOf(scene: Scene, { after }: { readonly after?: number | undefined }) {
  const { team, subject, role } = scene.principal
  const { request_id } = scene
  return {
    team,
    subject,
    role,
    request_id,
    ...(after !== undefined && { after }),
    ...lifetime(scene),
  }
}

/** Parameters as a query can carry them. */
function query(url: string): JsonObject {
  const { scope, client_id, after } = Object.fromEntries(new URL(url).searchParams)
  return {
    ...(scope !== undefined && { scope }),
    ...(client_id !== undefined && { client_id }),
    ...(after !== undefined && { after: AFTER.test(after) ? Number(after) : after }),
  }
}

function lifetime({ principal, settings, clock }: Scene) {
  const { believed_until = Number.POSITIVE_INFINITY } = principal
  const longest = Math.min(clock.now() + LIFETIME_MS[settings.auth.mode], believed_until)
  const tokenEnds = principal.expires_at ?? Number.POSITIVE_INFINITY
  return { until: Math.min(longest, tokenEnds), untilTokenEnds: tokenEnds < longest }
}
