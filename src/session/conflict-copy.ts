// A change that lost against if_revision becomes a session of its own: nobody's work is overwritten unseen.

import { isoTime } from '../clock.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { ResultOf } from '../protocol/command.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { MAX_NAME_LENGTH } from '../protocol/limits.ts'
import type { CommandNamed } from '../protocol/registry.ts'
import type { ClientRow } from '../storage/clients.ts'
import type { SessionRow } from '../storage/sessions.ts'
import { promisedId } from './acknowledged.ts'
import { combined, type Mode } from './change-state.ts'
import { type Context, updateFields } from './context.ts'
import { type ImageParameters, imageChanges, imageFields } from './image.ts'
import { componentsOf, manifestOf } from './manifest.ts'
import { openSession } from './open-session.ts'
import { readState, recoveredFrom, type State } from './read-state.ts'
import { type Given, inOrder } from './state.ts'
import { contents, fits } from './write-revision.ts'

type Lost = ImageParameters & {
  readonly given: Given
  readonly if_revision: number
  readonly mode?: Mode | undefined
  readonly cause: string
  readonly label?: string | undefined
}

/** Opens a copy of what the client had, with its change applied; closed if no active session is to spare. */
export function keepAsCopy(
  context: Context,
  session: SessionRow,
  lost: Lost
): Outcome<ResultOf<CommandNamed<'update_session_state'>>, Failure> {
  const { store, limits, now } = context
  const owner = store.clients.find()
  if (owner === undefined) return fail({ reason: 'session_not_found' })
  const state = lostState(context, session, lost)
  if (!state.ok) return state
  const changes = contents(state.value.texts)
  const size = fits({}, changes, limits, session.session_id)
  if (!size.ok) return size

  const status = store.sessions.active(now).length < limits.activeSessions ? 'active' : 'closed'
  const copy = openSession(context, {
    ...imageFields({ ...session, ...imageChanges(session, lost) }),
    owner: countedIn(owner, context),
    session_id: promisedId(context, owner),
    name: copyName(session, now),
    timeout: session.timeout,
    client_info: JSON.parse(session.client_info) as Record<string, unknown>,
    changes,
    cause: lost.cause,
    label: lost.label ?? `conflict with revision ${session.revision}`,
    status,
  })
  const { session_id } = session
  context.audit({ action: 'session_created', detail: { copy_of: session_id, status } })
  const made = {
    changed: inOrder(changes.keys()),
    sessionState: changes.get('session_state')?.text,
  }
  return succeed({
    ...updateFields(copy, made, context),
    conflict: {
      session_id: session.session_id,
      current_revision: session.revision,
      copy_is_active: status === 'active',
    },
    ...recoveredFrom(state.value.recovered),
  })
}

/** The state at if_revision if it is still kept, else the newest one, with the lost change applied. */
function lostState(context: Context, session: SessionRow, lost: Lost): Outcome<State, Failure> {
  const { store } = context
  const isKept = store.revisions.find(session.number, lost.if_revision) !== undefined
  const revision = isKept ? lost.if_revision : session.revision
  const manifest = manifestOf(store, session.number, revision)
  const change = combined(context, session, manifest, lost.given, lost.mode)
  if (!change.ok) return change
  const others = componentsOf(manifest).filter((component) => !lost.given.has(component))
  const base = readState(store, session, manifest, others)
  if (!base.ok) return base
  return succeed({
    texts: new Map([...base.value.texts, ...change.value.texts]),
    recovered: { ...base.value.recovered, ...change.value.recovered },
  })
}

/** A copy takes an ordinal but no creation token: keeping work is never rate-limited. */
function countedIn(owner: ClientRow, { store }: Context): ClientRow {
  const sessions_created = owner.sessions_created + 1
  store.clients.countCreation(sessions_created, owner.creation_tokens, owner.creation_refilled_at)
  return { ...owner, sessions_created }
}

/** A name that is cut is not cut through a character. */
function copyName(session: SessionRow, now: number): string {
  const suffix = ` (conflict ${isoTime(now).slice(0, 10)})`
  const name = session.name === '' ? 'session' : session.name
  const cut = name.slice(0, MAX_NAME_LENGTH - suffix.length)
  return cut.replace(/[\ud800-\udbff]$/, '') + suffix
}
