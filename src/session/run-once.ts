// Runs a command that was let in: parse, may the caller, was it answered before, handler, audit, events, answer. What it
// changes is one transaction.

import { type Outcome, succeed } from '../outcome.ts'
import type { Call } from '../protocol/call.ts'
import { mayUseClient } from '../protocol/client-pattern.ts'
import { type Declaration, type JsonObject, parseParameters } from '../protocol/command.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { findCommand, onlyLooks } from '../protocol/registry.ts'
import { isSuperseded, redirected, unheardOf } from './acknowledged.ts'
import { append } from './audit.ts'
import type { Notes } from './audit-notes.ts'
import { type Remark, rowsOf, supersededRows } from './audit-rules.ts'
import { HANDLERS } from './commands/index.ts'
import type { ClientCommand, Context } from './context.ts'
import { deleteSession } from './delete-session.ts'
import { noteEvents } from './events.ts'
import { earlierAnswer, identify, keepAnswer, namedFor } from './idempotency.ts'
import { isAllowed } from './limits.ts'
import { isAnothers } from './whose.ts'

export type Run = { readonly outcome: Outcome<JsonObject, Failure>; readonly replayed: boolean }

/** Where a command runs, and who runs it. */
export type Scene = {
  readonly context: Context
  /** False for somebody to whom the object is empty. */
  readonly isOwn: boolean
  readonly notes: Pick<Notes, 'add'>
}

/** Runs a command, or refuses it. */
export function runOnce(call: Call, scene: Scene): Run {
  const declaration = findCommand(call.command)
  if (declaration === undefined || !isClientCommand(declaration.name)) {
    return refused({ reason: 'unknown_command', command: call.command, did_you_mean: [] })
  }
  const parsed = parseParameters<Declaration>(declaration, call.parameters)
  if (!parsed.ok) return { outcome: parsed, replayed: false }
  const { name, mutates, strangers } = declaration
  const { context, isOwn } = scene
  const { caller, client_id, limits, store } = context
  const isRefused =
    !isAllowed(limits.clients, client_id) ||
    (strangers === 'refused' && !(isOwn && mayUseClient(caller, client_id)))
  if (client_id !== '' && isRefused) return refused({ reason: 'client_not_allowed', client_id })
  if (!mutates) return { outcome: handle(name, parsed.value, context), replayed: false }
  return store.transaction(() => once(name, { ...call, parameters: parsed.value }, scene))
}

/** True if this very request has been answered: nobody needs to be asked for it again. */
export function isAnswered(call: Call, context: Context): boolean {
  const declaration = findCommand(call.command)
  if (declaration?.mutates !== true) return false
  const parsed = parseParameters<Declaration>(declaration, call.parameters)
  if (!parsed.ok) return false
  const request = identify({ ...call, parameters: parsed.value }, namedFor(context))
  return earlierAnswer({ ...context, warn: () => {} }, request) !== undefined
}

export function refused(failure: Failure): Run {
  return { outcome: fail(failure), replayed: false }
}

function once(name: ClientCommand, asked: Call, { context: given, notes }: Scene): Run {
  const { store, limits, now } = given
  const request = identify(asked, namedFor(given))
  const earlier = earlierAnswer(given, request)
  if (earlier?.ok === false) return { outcome: earlier, replayed: false }
  if (earlier !== undefined && !isSuperseded(given, earlier.value.result)) {
    return { outcome: succeed(earlier.value.result), replayed: true }
  }
  const replaced = earlier && unheardOf(given, request, earlier.value)
  const call = redirected(asked)
  const remarks: Remark[] = []
  const context = { ...given, replaced, audit: (remark: Remark) => remarks.push(remark) }
  const outcome = withWayBack(handle(name, call.parameters, context), given)
  if (outcome.ok) {
    const { rows, noted } = rowsOf(context, call, outcome.value, remarks)
    append(store, limits, [...rows, ...supersededRows(context, call)])
    if (given.owner !== undefined) for (const entry of noted) notes.add(entry)
    if (replaced !== undefined) deleteSession(store, replaced)
    if (isOwned(given) && isWorthKeeping(name, call)) keepAnswer(context, request, outcome.value)
  }
  noteEvents(store, limits, now)
  return { outcome, replayed: false }
}

/** An object that nobody owns keeps nothing; a first creation has just made it somebody's. */
function isOwned({ owner, store }: Context): boolean {
  return owner !== undefined || store.clients.find() !== undefined
}

/**
 * Looking at a session that is active, or at what a command would do, is the same however often it is done; only a
 * client's own key asks for more.
 */
function isWorthKeeping(name: ClientCommand, { parameters, idempotency_key }: Call): boolean {
  const isLooking = onlyLooks(name) || parameters.dry_run === true
  return !isLooking || parameters.revive === true || idempotency_key !== undefined
}

/** An admin cannot restore what is somebody else's, so another way back is told. */
function withWayBack<Result>(
  outcome: Outcome<Result, Failure>,
  context: Context
): Outcome<Result, Failure> {
  if (outcome.ok || !isAnothers(context)) return outcome
  const { failure } = outcome
  const isOver = failure.reason === 'session_closed' || failure.reason === 'session_expired'
  return isOver ? fail({ ...failure, by_admin: true }) : outcome
}

/** The one place where a name meets its handler; the parameters were parsed by the same declaration. */
function handle(
  name: ClientCommand,
  parameters: JsonObject,
  context: Context
): Outcome<JsonObject, Failure> {
  return HANDLERS[name](parameters as never, context)
}

function isClientCommand(name: string): name is ClientCommand {
  return Object.hasOwn(HANDLERS, name)
}
