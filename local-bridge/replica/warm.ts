// Keeps the replica current with what passes through: each success of the service is taken over as it was told.
// What cannot be taken over exactly makes the copy incomplete, to be asked for (pull.ts).

import type { JsonObject } from '../../src/protocol/command.ts'
import { type Component, UNSET_COMPONENT } from '../../src/protocol/components.ts'
import { asClaimed } from '../../src/session/client-info.ts'
import { manifestOf } from '../../src/session/manifest.ts'
import { noteInspectors, noteUnchanged } from '../../src/session/note-origins.ts'
import { freshOrigins, originsAfter } from '../../src/session/registry-epoch.ts'
import { contents, effective, writeRevision } from '../../src/session/write-revision.ts'
import { adoptWhole, insertRow, rowOf } from './adopt.ts'
import { givenBy, repeated } from './repeated.ts'
import type { Replica } from './replica.ts'
import type { Result, ServiceAnswer } from './service-answer.ts'
import { LEVEL } from './tables/copies.ts'

type Success = Extract<ServiceAnswer, { ok: true }>

/** A command that the service has carried out, with its answer. */
export type Passed = {
  readonly command: string
  readonly parameters: JsonObject
  readonly answer: Success
  readonly at: number
}

/** Takes over one answer. The caller holds a transaction, and has made sure that the client's row is there. */
export function warm(replica: Replica, passed: Passed): void {
  const { answer, at } = passed
  const { session_id } = answer.result
  if (answer.result.max_concurrent_clients !== undefined) {
    replica.keeper.keepActiveSessions(answer.result.max_concurrent_clients)
  }
  if (session_id === undefined) return
  const copy = replica.copies.ensure(session_id)
  replica.copies.touch(session_id)
  // What waits in the journal comes later than this answer, and is settled by its delivery.
  if (replica.journal.isWaiting(copy.queue)) return
  if (isOvertaken(replica, answer.result)) return
  if (isTakenOver(replica, passed)) replica.copies.change(session_id, { agreed_at: at })
  else replica.copies.change(session_id, { level: LEVEL.none })
}

/** Answers to several clients come in any order: one that is older than what the copy holds tells nothing. */
function isOvertaken({ store, copies }: Replica, { session_id = '', revision }: Result): boolean {
  const isKnown = (copies.find(session_id)?.level ?? LEVEL.none) > LEVEL.none
  const here = store.sessions.find(session_id)?.revision ?? 0
  return isKnown && revision !== undefined && revision < here
}

/** A refusal that tells something else of a session than the copy does. */
export function contradict(replica: Replica, sessionId: string): void {
  if (replica.copies.find(sessionId) === undefined) return
  replica.copies.touch(sessionId)
  replica.copies.change(sessionId, { level: LEVEL.none })
}

function isTakenOver(replica: Replica, passed: Passed): boolean {
  const { command, parameters, answer, at } = passed
  if (answer.result.recovered_from !== undefined) return false
  switch (command) {
    case 'create_session':
      return created(replica, passed)
    case 'update_session_state':
    case 'save_context':
      return changed(replica, passed)
    case 'close_session':
    case 'renew_session':
    case 'load_context':
      return told(replica, answer.result)
    case 'restore_session': {
      if (parameters.revision !== undefined) return told(replica, answer.result)
      if (told(replica, answer.result)) return true
      const texts = new Map(
        [...answer.texts()].filter(([name, text]) => UNSET_COMPONENT[name] !== text)
      )
      return adoptWhole(replica, { result: answer.result, texts, components: undefined }, at)
    }
    case 'get_session_info':
    case 'get_context_summary':
    case 'list_session_revisions':
    case 'export_session':
      return isKnown(replica, answer.result)
    default:
      return false
  }
}

function created(replica: Replica, { parameters, answer, at }: Passed): boolean {
  const { result, replayed } = answer
  const { session_id = '', revision } = result
  const { store, copies } = replica
  if (store.sessions.find(session_id) !== undefined) return isKnown(replica, result)
  const given = givenBy('create_session', parameters)
  // What it inherited is not in the message: the whole session has to be asked for.
  const isWhole = result.inherited === undefined || result.inherited.length === 0
  if (replayed || revision !== 1 || given === undefined || !isWhole) return false
  const told = { ...result, client_info: clientInfoOf(parameters) }
  const number = insertRow(replica, told, at)
  const session = { number, revision: 0, stored_bytes: 0 }
  const context = contextOf(replica, result.created_at ?? at)
  const changes = contents(given)
  const origins = freshOrigins(knownOf(replica, result.image_id), result.image_id ?? '')
  const { changed: _, ...written } = writeRevision(context, session, {}, changes, {
    cause: 'create_session',
    origin: origins.object_registry,
  })
  noteInspectors(context, session, 1, changes, origins)
  store.sessions.change(number, written)
  copies.change(session_id, { level: LEVEL.exact, whole_history: 1, synced_revision: 1 })
  return true
}

/** A change is repeated here only if it was made on exactly what the copy holds. */
function changed(replica: Replica, { command, parameters, answer, at }: Passed): boolean {
  const { result } = answer
  const { session_id = '', revision = 0 } = result
  if (result.conflict !== undefined) return false
  const { store, copies } = replica
  const session = store.sessions.find(session_id)
  const copy = copies.find(session_id)
  if (session === undefined || copy === undefined || copy.level <= LEVEL.none) return false
  const isUnchanged = revision === session.revision && result.changed?.length === 0
  if (!isUnchanged && revision !== session.revision + 1) return false
  const manifest = manifestOf(store, session.number, session.revision)
  const made = repeated(replica, session, manifest, { command, parameters })
  if (made === undefined) return isUnchanged && told(replica, result)
  const image_id = result.image_id ?? session.image_id
  const known = { store, ...knownOf(replica, image_id) }
  const origins = originsAfter(known, session, { ...made, manifest, image_id })
  if (isUnchanged) {
    noteUnchanged(replica, session, manifest, new Map(), origins)
    return told(replica, result)
  }
  const now = result.last_modified ?? at
  const changes = effective(store, session, manifest, contents(made.texts))
  const named = (result.changed ?? []).filter((name) => !changes.has(name as Component))
  const written = writeRevision(contextOf(replica, now), session, manifest, changes, {
    cause: command,
    label: typeof parameters.label === 'string' ? parameters.label : '',
    alsoChanged: named,
    origin: origins.object_registry,
  })
  if (written.state_bytes !== result.state_bytes) return false
  noteUnchanged(replica, session, manifest, changes, origins)
  noteInspectors(replica, session, revision, changes, origins)
  const { changed: _, ...sizes } = written
  store.sessions.change(session.number, {
    ...rowOf({ ...result, timeout: session.timeout, is_active: true }),
    ...sizes,
  })
  copies.change(session_id, { synced_revision: revision })
  return true
}

/** Columns of a session that is known: a lease that was renewed, a session that was closed. */
function told(replica: Replica, result: Result): boolean {
  const { store, copies } = replica
  const { session_id = '', revision } = result
  const session = store.sessions.find(session_id)
  const copy = copies.find(session_id)
  if (session === undefined || copy === undefined) return false
  const { last_modified: _, ...row } = rowOf({ ...result, timeout: session.timeout })
  const isOlder = (row.last_activity ?? session.last_activity) < session.last_activity
  if (!isOlder && Object.keys(row).length > 0) store.sessions.change(session.number, row)
  const isSame = revision === undefined || revision === session.revision
  return isSame && copy.level > LEVEL.none
}

function isKnown({ store, copies }: Replica, { session_id = '', revision }: Result): boolean {
  const level = copies.find(session_id)?.level ?? LEVEL.none
  const session = store.sessions.find(session_id)
  if (level <= LEVEL.none || session === undefined) return false
  return revision === undefined || revision === session.revision
}

function clientInfoOf({ client_info }: JsonObject): Readonly<Record<string, unknown>> {
  return typeof client_info === 'object' && client_info !== null
    ? asClaimed({ ...client_info })
    : {}
}

/** The image of a session, as far as the bridge itself knows its start. */
function knownOf({ imagesHere }: Replica, image_id = '') {
  return { images: image_id === '' ? undefined : imagesHere({ ids: [image_id], others: 0 }) }
}

function contextOf({ store, limits }: Replica, now: number) {
  return { store, limits, now }
}
