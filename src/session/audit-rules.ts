// What becomes a row of the audit log. A command that changes something is audited under its own name, so that none can be
// forgotten, unless its declaration says what its rows are called. Work on a state is no event, as its revisions are its log;
// looking at it is one when it renews the lease.

import { isoTime } from '../clock.ts'
import type { Outcome } from '../outcome.ts'
import type { Call, Caller } from '../protocol/call.ts'
import type { Declaration, JsonObject } from '../protocol/command.ts'
import type { Failure } from '../protocol/failures.ts'
import { MAX_ID_LENGTH } from '../protocol/limits.ts'
import { findCommand } from '../protocol/registry.ts'
import type { Owner } from '../storage/clients.ts'
import type { SessionRow } from '../storage/sessions.ts'
import type { Store } from '../storage/store.ts'
import type { Detail, Entry } from './audit.ts'

/** What export_session calls its row; each export gets its own as long as there are not too many. */
export const EXPORTED = 'session_exported'

/** The action of every row about something that was not done. */
export const REFUSED = 'refused'

/** The action of rows that say which token somebody has. */
export const TOKEN = 'token'

/** The action of every row about what an admin only looked at. */
const READ_BY_ADMIN = 'read_by_admin'

/** What a handler says of a row: another action, another session, a few facts. */
export type Remark = {
  readonly action?: string
  readonly session_id?: string
  readonly detail?: Detail
  /** True for what changed nothing: it is noted after the answer, as refusals are. */
  readonly isNote?: true
}

type Scene = {
  readonly store: Store
  /** Whose object it was before the command. */
  readonly owner: Owner | undefined
  readonly now: number
}

type Replacing = Pick<Scene, 'now'> & {
  readonly replaced?: Pick<SessionRow, 'session_id'> | undefined
}

/** A command that ran, with what is known of who sent it. */
export type Ran = {
  readonly call: Call
  readonly declaration: Declaration | undefined
  /** Whose object it is; undefined while nobody has created a session. */
  readonly owner: Owner | undefined
  readonly isStranger: boolean
  readonly now: number
}

/**
 * What a command that changed something becomes: one row, or one for each remark of its handler. An admin who changed
 * nothing has looked at least.
 */
export function rowsOf(
  { store, owner, now }: Scene,
  call: Call,
  result: JsonObject,
  remarks: readonly Remark[]
): { readonly rows: readonly Entry[]; readonly noted: readonly Entry[] } {
  const action = findCommand(call.command)?.audit ?? call.command
  const said = remarks.length > 0 || action === '' ? remarks : [{}]
  const entry = entryOf(call, now)
  const session_id = sessionOf(call, result)
  const asEntry = ({ isNote: _, ...remark }: Remark): Entry => {
    return { ...entry, session_id, action, detail: {}, ...remark }
  }
  const noted = said.filter(({ isNote }) => isNote).map(asEntry)
  const told = said.filter(({ isNote }) => !isNote).map(asEntry)
  if (told.length === 0) {
    const looked = owner !== undefined && owner.owner !== call.caller.subject
    const detail = { command: call.command }
    const trace = { ...entry, session_id, action: READ_BY_ADMIN, detail }
    return { rows: [], noted: looked && noted.length === 0 ? [trace] : noted }
  }
  const first = owner === undefined ? [{ ...entry, ...ownershipOf(call, result) }] : []
  return { rows: [...first, ...tokenRow(store, call, now), ...told], noted }
}

/** The row of a session that another one has taken the place of. */
export function supersededRows({ replaced, now }: Replacing, call: Call): Entry[] {
  if (replaced === undefined) return []
  const { session_id } = replaced
  return [{ ...entryOf(call, now), session_id, action: 'session_deleted', detail: {} }]
}

/**
 * What is noted after the answer: refusals, everything that a stranger asks for, and reading that is an event.
 * A fault of ours is in the log of the Worker.
 */
export function noteOf(
  { call, declaration, owner, isStranger, now }: Ran,
  outcome: Outcome<JsonObject, Failure>
): Entry | undefined {
  if (owner === undefined) return undefined
  const { caller } = call
  const entry = { ...entryOf(call, now), session_id: sessionOf(call, {}) }
  const command = declaration?.name ?? 'unknown'
  const detail = { command, ...(caller.team !== owner.team && { team: caller.team }) }
  if (!outcome.ok) {
    const { reason } = outcome.failure
    const isEvent = isStranger || declaration?.mutates === true
    if (!isEvent || reason === 'internal_error') return undefined
    return { ...entry, action: REFUSED, outcome: reason, detail }
  }
  if (isStranger) return { ...entry, action: REFUSED, outcome: 'client_not_allowed', detail }
  if (declaration?.mutates === true) return undefined
  const action = declaration?.audit ?? (caller.subject === owner.owner ? '' : READ_BY_ADMIN)
  return action === '' ? undefined : { ...entry, action, detail }
}

function entryOf({ caller, from = '' }: Call, now: number) {
  const actor = caller.subject
  return { at: now, actor, session_id: '', address: from, outcome: 'success', times: 1 }
}

function ownershipOf({ caller }: Call, { client_id }: JsonObject) {
  return { action: 'ownership', detail: { team: caller.team, client_id: String(client_id) } }
}

/** The session that a command was about; one that it made is named by its result. */
function sessionOf({ parameters }: Call, result: JsonObject): string {
  const { session_id = parameters.session_id } = result
  return typeof session_id === 'string' ? session_id.slice(0, MAX_ID_LENGTH) : ''
}

/** A row that says that the caller has another token than at its row before. */
function tokenRow(store: Store, call: Call, now: number): Entry[] {
  const detail = tokenOf(call.caller)
  if (Object.keys(detail).length === 0) return []
  const known = store.audit.newest(TOKEN, call.caller.subject)?.detail
  return known === JSON.stringify(detail) ? [] : [{ ...entryOf(call, now), action: TOKEN, detail }]
}

function tokenOf({ tier, token_expires_at }: Caller): Detail {
  return {
    ...(tier !== undefined && { tier }),
    ...(token_expires_at !== undefined && { expires_at: isoTime(token_expires_at) }),
  }
}
