// A change that lost against if_revision becomes a session of its own: nobody's work is overwritten unseen.

import { isoTime } from '../clock.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { ResultOf } from '../protocol/command.ts'
import type { Component } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { MAX_NAME_LENGTH } from '../protocol/limits.ts'
import type { CommandNamed } from '../protocol/registry.ts'
import type { ClientRow } from '../storage/clients.ts'
import { SESSION_BYTES, type SessionRow } from '../storage/sessions.ts'
import { activeBeside, promisedId } from './acknowledged.ts'
import { combined, type Mode } from './change-state.ts'
import { type Context, updateFields } from './context.ts'
import { admitted, saveClient } from './creations.ts'
import { type ImageParameters, imageChanges, imageFields } from './image.ts'
import { componentsOf, manifestOf } from './manifest.ts'
import { noteInspectors } from './note-origins.ts'
import { openSession } from './open-session.ts'
import { readState, recoveredFrom, type State } from './read-state.ts'
import { type Origins, originsAfter, originsAt } from './registry-epoch.ts'
import { bytesOf, hasRoom } from './room.ts'
import { type Given, inOrder } from './state.ts'
import { contents, fits } from './write-revision.ts'

/** Copies of a client that are kept closed in an hour before further ones take creation tokens. */
const FREE_COPIES = 20

const HOUR_MS = 3_600_000

type Lost = ImageParameters & {
  readonly given: Given
  /** Components that the change takes away. */
  readonly cleared?: readonly Component[]
  readonly if_revision: number
  readonly mode?: Mode | undefined
  readonly cause: string
  readonly label?: string | undefined
  readonly name?: string | undefined
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
  const room = hasRoom(context, bytesOf(changes) + SESSION_BYTES)
  if (!room.ok) return room
  const client = countedIn(owner, context)
  if (!client.ok) return client

  saveClient(client.value, context)
  const { origins } = state.value
  const status = activeBeside(context).length < limits.activeSessions ? 'active' : 'closed'
  const copy = openSession(context, {
    ...imageFields({ ...session, ...imageChanges(session, lost) }),
    owner: client.value,
    session_id: promisedId(context, owner),
    name: lost.name ?? copyName(session, now),
    timeout: session.timeout,
    client_info: JSON.parse(session.client_info) as Record<string, unknown>,
    changes,
    origin: origins.object_registry,
    cause: lost.cause,
    label: lost.label ?? `conflict with revision ${session.revision}`,
    status,
  })
  noteInspectors(context, copy, copy.revision, changes, origins)
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
function lostState(
  context: Context,
  session: SessionRow,
  lost: Lost
): Outcome<State & { readonly origins: Origins }, Failure> {
  const { store } = context
  const isKept = store.revisions.find(session.number, lost.if_revision) !== undefined
  const revision = isKept ? lost.if_revision : session.revision
  const manifest = manifestOf(store, session.number, revision)
  const change = combined(context, session, manifest, lost.given, lost.mode)
  if (!change.ok) return change
  const others = componentsOf(manifest).filter(
    (component) => !lost.given.has(component) && lost.cleared?.includes(component) !== true
  )
  const base = readState(store, session, manifest, others)
  if (!base.ok) return base
  const { image_id } = { ...session, ...imageChanges(session, lost) }
  return succeed({
    origins: {
      ...originsAt(store, session.number, manifest, base.value.recovered),
      ...originsAfter(context, session, { ...lost, ...change.value, image_id, manifest }),
    },
    texts: new Map([...base.value.texts, ...change.value.texts]),
    recovered: { ...base.value.recovered, ...change.value.recovered },
  })
}

/** A copy takes an ordinal, and no creation token: keeping work is rate-limited only where nobody looks at the copies. */
function countedIn(owner: ClientRow, context: Context): Outcome<ClientRow, Failure> {
  const { store, now } = context
  if (store.sessions.closedAtOnce(now - HOUR_MS) >= FREE_COPIES) {
    return admitted(owner.client_id, context)
  }
  return succeed({ ...owner, sessions_created: owner.sessions_created + 1 })
}

/** A name that is cut is not cut through a character. */
function copyName(session: SessionRow, now: number): string {
  const suffix = ` (conflict ${isoTime(now).slice(0, 10)})`
  const name = session.name === '' ? 'session' : session.name
  const cut = name.slice(0, MAX_NAME_LENGTH - suffix.length)
  return cut.replace(/[\ud800-\udbff]$/, '') + suffix
}
