// cleanup_image_sessions for a whole team: the directory names the clients, and each client's own object cleans up,
// some of them in one message. How the image is, the directory says once, as it tells admins of the whole team: what their
// lists call orphaned is what is cleaned up. Repeating it is harmless, so clients that were not reached are named.

import { locate } from '../client-object/locate.ts'
import { clientObject } from '../client-object/stub.ts'
import { type Clock, isoTime } from '../clock.ts'
import type { Env, Settings } from '../env.ts'
import type { KnownImage } from '../image/record.ts'
import { faultText, log } from '../log.ts'
import type { Call, Reply } from '../protocol/call.ts'
import { parseParameters, type ResultOf } from '../protocol/command.ts'
import { cleanupImageSessions } from '../protocol/commands/cleanup-image-sessions.ts'
import { toJsonText } from '../protocol/json-text.ts'
import { MAX_CLIENTS_CLEANED } from '../protocol/limits.ts'
import { mayAskForTeam } from '../team/admins-only.ts'
import { type TeamStub, teamDirectory } from '../team/stub.ts'
import { refused } from './refused.ts'

type Cleaned = ResultOf<typeof cleanupImageSessions>

type Scene = { readonly env: Env; readonly settings: Settings; readonly clock: Clock }

/** Cleans up for the next clients of the team; `next_cursor` says whether there are more. */
export async function cleanTeam(scene: Scene, call: Call): Promise<Reply> {
  const may = mayAskForTeam(call.caller)
  if (!may.ok) return refused(may.failure)
  const parsed = parseParameters(cleanupImageSessions, call.parameters)
  if (!parsed.ok) return refused(parsed.failure)
  const { scope: _, client_id: __, cursor = '', ...asked } = parsed.value
  const directory = teamDirectory(scene.env, call.caller.team)
  const clients = await directory.clientsOf(asked.image_id, cursor, MAX_CLIENTS_CLEANED + 1)
  const visited = clients.slice(0, MAX_CLIENTS_CLEANED)
  const images = await imagesFor(directory, asked.image_id)
  const replies = await Promise.all(
    visited.map((client_id) =>
      cleanClient(scene, { ...call, images, parameters: { ...asked, client_id } }, client_id)
    )
  )
  const next_cursor = clients.length > visited.length ? (visited.at(-1) ?? '') : ''
  const missed = visited.filter((_, index) => wasMissed(replies[index]))
  return together(replies, missed, {
    image_id: asked.image_id,
    sessions_cleaned: 0,
    sessions_remaining: 0,
    cleanup_details: {},
    dry_run: asked.dry_run ?? false,
    restorable_until: isoTime(scene.clock.now() + scene.settings.limits.retentionMs),
    next_cursor,
  })
}

/** Sessions without an image have none to ask about. */
async function imagesFor(directory: TeamStub, image_id: string): Promise<readonly KnownImage[]> {
  if (image_id === '') return []
  return directory.imagesOf({ ids: [image_id], others: 0, subject: undefined })
}

/** One client's part; a client that cannot be reached must not spoil the others'. */
async function cleanClient({ env, settings }: Scene, call: Call, client_id: string) {
  const route = locate(call.command, { client_id }, call.caller.team, settings)
  if (!route.ok) return refused(route.failure)
  try {
    return await clientObject(env, route.value).execute(call)
  } catch (error) {
    const { command, request_id = '' } = call
    log({ event: 'fault', where: 'http', command, request_id, error: faultText(error) })
    return refused({ reason: 'internal_error' })
  }
}

function together(replies: readonly Reply[], missed: readonly string[], nothing: Cleaned): Reply {
  const parts = replies.flatMap(({ outcome }) => (outcome.ok ? [resultOf(outcome.value)] : []))
  const result: Cleaned = {
    ...nothing,
    sessions_cleaned: parts.reduce((sum, part) => sum + part.sessions_cleaned, 0),
    sessions_remaining: parts.reduce((sum, part) => sum + part.sessions_remaining, 0),
    cleanup_details: Object.assign({}, ...parts.map(({ cleanup_details }) => cleanup_details)),
    ...(missed.length > 0 && { missed_clients: [...missed] }),
  }
  return {
    outcome: { ok: true, value: toJsonText(result) },
    replayed: parts.length > 0 && replies.every(({ outcome, replayed }) => !outcome.ok || replayed),
    warnings: [
      ...new Set(replies.flatMap(({ warnings }) => warnings)),
      ...(missed.length > 0 ? [notReached(missed)] : []),
    ],
  }
}

/** A client that the operator keeps out is not missed: sending the command again would change nothing. */
function wasMissed(reply: Reply | undefined): boolean {
  if (reply === undefined || reply.outcome.ok) return false
  return reply.outcome.failure.reason !== 'client_not_allowed'
}

function notReached(missed: readonly string[]): string {
  return `Not cleaned up for ${missed.join(', ')}: send the command again with the same cursor.`
}

/** What the engine wrote by the same declaration. */
function resultOf(text: string): Cleaned {
  return JSON.parse(text) as Cleaned
}
