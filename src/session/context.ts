// What a handler works with, and the shapes that its answers share.

import { isoTime } from '../clock.ts'
import type { KnownImage } from '../image/record.ts'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { Acknowledged, Caller } from '../protocol/call.ts'
import type { ParametersOf, ResultOf } from '../protocol/command.ts'
import { type Component, UNSET_COMPONENT } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import type { JsonText } from '../protocol/json-text.ts'
import type { CommandNamed, NamesIn } from '../protocol/registry.ts'
import type { Owner } from '../storage/clients.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import type { Remark } from './audit-rules.ts'
import { imageFields } from './image.ts'
import type { Limits } from './limits.ts'
import { requireActive, statusAt } from './rules.ts'
import type { SessionIds } from './session-id.ts'

/** Everything a handler may use; it reaches nothing else. */
export type Context = {
  readonly store: Store
  readonly limits: Limits
  readonly ids: SessionIds
  readonly caller: Caller
  /** What the team's directory says of images; undefined if it was not asked or could not be. */
  readonly images?: readonly KnownImage[] | undefined
  /** True if the directory is to be asked about images and gives no answer. */
  readonly isDirectorySilent: boolean
  /** True in a copy of a client's sessions, which may not know everything that the service knows. */
  readonly isCopy: boolean
  /** Present if a bridge delivers what it has acknowledged before. */
  readonly acknowledged?: Acknowledged | undefined
  /** A session that nobody heard of; it goes if the command succeeds. */
  readonly replaced?: SessionRow | undefined
  /** Whose object this is; undefined while nobody has created a session. */
  readonly owner: Owner | undefined
  /** The client that the command is about; empty if it names none that exists. */
  readonly client_id: string
  /** The moment of the command, in epoch milliseconds. */
  readonly now: number
  /** Tells the client a sentence about what was ignored or repaired. */
  readonly warn: (sentence: string) => void
  /** Says what the audit log is to tell of the command: a row for each remark, written if the command succeeds. */
  readonly audit: (remark: Remark) => void
}

export type ClientCommand = NamesIn<'client' | 'client_or_team' | 'client_or_each'>

/** A command's rule: from parameters to a result or a refusal. Decides first, writes last. */
export type Handler<Name extends ClientCommand> = (
  parameters: ParametersOf<CommandNamed<Name>>,
  context: Context
) => Outcome<ResultOf<CommandNamed<Name>>, Failure>

/** The handlers of all commands of a client; the compiler demands each. */
export type Handlers = { readonly [Name in ClientCommand]: Handler<Name> }

/** Finds a session of this client. */
export function findSession(store: Store, sessionId: string): Outcome<SessionRow, Failure> {
  const session = store.sessions.find(sessionId)
  return session === undefined ? fail({ reason: 'session_not_found' }) : succeed(session)
}

/** The active session that was used last, or of all that are kept if none is active; undefined image_id for any image. */
export function usedLast(store: Store, now: number, image_id?: string): SessionRow | undefined {
  const query = { now, image_id, after: undefined, limit: 1 }
  const [active] = store.sessions.page({ ...query, include: 'active' })
  return active ?? store.sessions.page({ ...query, include: 'all' })[0]
}

/** The active session of an image that was used last. */
export function activeOn(store: Store, now: number, image_id: string): SessionRow | undefined {
  const query = { now, image_id, include: 'active', after: undefined, limit: 1 } as const
  return store.sessions.page(query)[0]
}

/** Finds a session of this client that can be worked with. */
export function findActive(
  { store, now, limits }: Context,
  sessionId: string
): Outcome<SessionRow, Failure> {
  const found = findSession(store, sessionId)
  return found.ok ? requireActive(found.value, now, limits) : found
}

/** The fields with which every answer about a session begins (seed 000). */
export function sessionFields(session: SessionRow, { client_id, now }: Context) {
  return {
    session_id: session.session_id,
    client_id,
    created_at: isoTime(session.created_at),
    last_modified: isoTime(session.last_modified),
    timeout: session.timeout,
    is_active: statusAt(session, now) === 'active',
  }
}

/** What update and revert answer (seed 000). */
export function updateFields(
  session: SessionRow,
  made: { readonly changed: readonly string[]; readonly sessionState: JsonText | undefined },
  { client_id }: Context
) {
  return {
    session_id: session.session_id,
    client_id,
    last_modified: isoTime(session.last_modified),
    session_state: made.sessionState ?? unset('session_state'),
    update_successful: true as const,
    revision: session.revision,
    changed: [...made.changed],
    state_bytes: session.state_bytes,
    expires_at: isoTime(session.expires_at),
    ...imageFields(session),
  }
}

/** What a component that was never set restores to. */
export function unset(component: Component): JsonText {
  return UNSET_COMPONENT[component] as JsonText
}
