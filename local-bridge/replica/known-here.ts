// Whether this machine knows enough to answer. What it does not know it does not tell: a wrong answer is worse than none.

import type { Failure } from '../../src/protocol/failures.ts'
import { findCommand, makesSession } from '../../src/protocol/registry.ts'
import { manifestOf } from '../../src/session/manifest.ts'
import type { SessionRow } from '../../src/storage/sessions.ts'
import type { Store } from '../../src/storage/store.ts'
import type { Replica } from './replica.ts'
import { LEVEL } from './tables/copies.ts'
import type { Work } from './work.ts'

/** Why there is no answer here; undefined if there is one. */
export function unknownHere(replica: Replica, { request, holder }: Work): Failure | undefined {
  const { command, parameters } = request.message
  if (makesSession(command)) return unmintable(replica, holder.team, parameters.client_id)
  if (typeof parameters.session_id !== 'string') return unlisted(replica)
  return incomplete(replica, parameters.session_id, command, parameters)
}

function unmintable(replica: Replica, team: string, client_id: unknown): Failure | undefined {
  if (typeof client_id !== 'string') return undefined
  if (replica.keeper.mintKey({ team, client_id }) !== undefined) return undefined
  return away(
    'this bridge has not yet been given the key to make sessions of this client offline; use the client once while connected'
  )
}

function unlisted({ keeper, copies }: Replica): Failure | undefined {
  const isComplete = keeper.listedAt() !== undefined && copies.incomplete().length === 0
  return isComplete ? undefined : away('not every session of this client is known on this machine')
}

const EARLIER = 'earlier revisions of this session are not on this machine'

function incomplete(
  { store, copies }: Replica,
  sessionId: string,
  command: string,
  { revision, if_revision, on_conflict }: Readonly<Record<string, unknown>>
): Failure | undefined {
  const offline = findCommand(command)?.offline
  const needed = offline === 'origins' ? LEVEL.exact : LEVEL.state
  const copy = copies.find(sessionId)
  const session = store.sessions.find(sessionId)
  if (copy === undefined || session === undefined || copy.level < needed) {
    return away('this session is not, or not completely, known on this machine')
  }
  const isEarlier = typeof revision === 'number' && revision !== session.revision
  if ((isEarlier || offline === 'history') && copy.whole_history === 0) return away(EARLIER)
  if (command === 'export_session' && holdsIds(store, session, revision)) {
    return away(
      'only the service knows from which start of its image the registered and inspected objects are, which an export tells'
    )
  }
  const isLost = typeof if_revision === 'number' && if_revision !== session.revision
  if (isLost && on_conflict === 'copy' && copy.whole_history === 0) {
    return away('a copy of an earlier revision can only be made by the service')
  }
  return undefined
}

/** True for a registry, and for inspectors in an image. */
function holdsIds(
  store: Store,
  { number, revision: newest, image_id }: SessionRow,
  asked: unknown
): boolean {
  const manifest = manifestOf(store, number, typeof asked === 'number' ? asked : newest)
  const isInspected = image_id !== '' && manifest.inspector_state !== undefined
  return manifest.object_registry !== undefined || isInspected
}

function away(detail: string): Failure {
  return { reason: 'upstream_unavailable', detail }
}
