// Runs one command of a client: parse, owner, limits, idempotency, handler, in one transaction.
// Runtime-neutral and synchronous; the only place where a fault is caught.

import type { Clock } from '../clock.ts'
import type { Outcome } from '../outcome.ts'
import type { Call, Caller, Reply } from '../protocol/call.ts'
import { type Declaration, type JsonObject, parseParameters } from '../protocol/command.ts'
import { OPAQUE_FIELDS } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { type JsonText, toJsonText } from '../protocol/json-text.ts'
import { findCommand } from '../protocol/registry.ts'
import type { Owner } from '../storage/clients.ts'
import { openStore, type Store } from '../storage/store.ts'
import { HANDLERS } from './commands/index.ts'
import type { ClientCommand, Context } from './context.ts'
import { earlierAnswer, identify, keepAnswer } from './idempotency.ts'
import { isAllowed, type Limits } from './limits.ts'
import type { SessionIds } from './session-id.ts'
import { fullBucket, takeToken } from './token-bucket.ts'

export type Engine = { execute(call: Call): Reply }

export type EngineParts = {
  readonly store: Store
  readonly clock: Clock
  readonly limits: Limits
  /** What a subscription changes in the limits. */
  readonly limitsOfTier?: (tier: string) => Partial<Limits>
  readonly ids: SessionIds
  /** Hears of a fault that the client is told as `internal_error`. */
  readonly onFault: (error: unknown, call: Call) => void
}

type Run = { readonly outcome: Outcome<JsonObject, Failure>; readonly replayed: boolean }

type Told = Run & { readonly client_id?: string }

/** The engine over one client's store. */
export function createEngine(parts: EngineParts): Engine {
  const { store, clock, limits, ids, onFault } = parts
  let bucket = fullBucket(limits.commands, clock.now())
  const nobodys = nobodysStore()
  let known: Owner | undefined

  function limitsOf({ tier }: Caller): Limits {
    return tier === undefined ? limits : { ...limits, ...parts.limitsOfTier?.(tier) }
  }

  /** Whose object this is decides what can be seen: for anybody else it is empty. */
  function contextOf({ caller, parameters }: Call, now: number, warn: Context['warn']): Context {
    known ??= store.clients.find()
    const row = known
    const claimed = parameters.client_id
    const owner = row !== undefined && isOwner(row, caller, claimed) ? row : undefined
    const client_id = owner?.client_id ?? (typeof claimed === 'string' ? claimed : '')
    const own = row === undefined || owner !== undefined ? store : nobodys
    return { store: own, owner, client_id, limits: limitsOf(caller), ids, caller, now, warn }
  }

  function run(call: Call, now: number, warn: Context['warn']): Told {
    const { waitMs, bucket: level } = takeToken(bucket, limits.commands, now)
    bucket = level
    try {
      if (waitMs > 0) return refused({ reason: 'rate_limited', retry_after_ms: waitMs })
      const context = contextOf(call, now, warn)
      const done = checked(call, context, context.store === store)
      return context.client_id === '' ? done : { ...done, client_id: context.client_id }
    } catch (error) {
      onFault(error, call)
      return refused({ reason: 'internal_error' })
    }
  }

  return {
    execute: (call) => {
      const warnings: string[] = []
      const { outcome, ...told } = run(call, clock.now(), (sentence) => warnings.push(sentence))
      return {
        outcome: outcome.ok ? { ok: true, value: resultText(outcome.value) } : outcome,
        ...told,
        warnings,
      }
    },
  }
}

/** The id routes, it never authorises: the object checks whose it is on every command. */
function isOwner(row: Owner, caller: Caller, claimed: unknown): boolean {
  return (
    row.team === caller.team &&
    row.owner === caller.subject &&
    (claimed === undefined || claimed === row.client_id) &&
    mayUse(caller, row.client_id)
  )
}

function mayUse({ client_ids }: Caller, client_id: string): boolean {
  return isAllowed({ allow: client_ids, deny: [] }, client_id)
}

function checked(call: Call, context: Context, isOwn: boolean): Run {
  const declaration = findCommand(call.command)
  if (declaration === undefined || !isClientCommand(declaration.name)) {
    return refused({ reason: 'unknown_command', command: call.command, did_you_mean: [] })
  }
  const parsed = parseParameters<Declaration>(declaration, call.parameters)
  if (!parsed.ok) return { outcome: parsed, replayed: false }
  const { name, mutates } = declaration
  const { caller, client_id, limits, store } = context
  const isRefused =
    !isAllowed(limits.clients, client_id) ||
    (name === 'create_session' && !(isOwn && mayUse(caller, client_id)))
  if (client_id !== '' && isRefused) return refused({ reason: 'client_not_allowed', client_id })
  if (!mutates) return { outcome: handle(name, parsed.value, context), replayed: false }
  return store.transaction(() => once(name, { ...call, parameters: parsed.value }, context))
}

function once(name: ClientCommand, call: Call, context: Context): Run {
  const request = identify(call)
  const earlier = earlierAnswer(context, request)
  if (earlier !== undefined) return { outcome: earlier, replayed: earlier.ok }
  const outcome = handle(name, call.parameters, context)
  if (outcome.ok && isWorthKeeping(name, call)) keepAnswer(context, request, outcome.value)
  return { outcome, replayed: false }
}

/** Restoring a session that is active is the same however often it is done; only a client's own key asks for more. */
function isWorthKeeping(name: ClientCommand, { parameters, idempotency_key }: Call): boolean {
  return name !== 'restore_session' || parameters.revive === true || idempotency_key !== undefined
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

/** What somebody else sees of this object. */
function nobodysStore(): Store {
  return openStore({ exec: () => [], transaction: (work) => work() }, 0)
}

/** Writes a result: opaque values go in as the text that was stored. */
function resultText(result: JsonObject): JsonText {
  let text = ''
  for (const [name, value] of Object.entries(result)) {
    if (value === undefined) continue
    text += `${text === '' ? '{' : ','}"${name}":`
    text += OPAQUE_FIELDS.has(name) ? String(value) : toJsonText(value)
  }
  return `${text}}` as JsonText
}

function refused(failure: Failure): Run {
  return { outcome: fail(failure), replayed: false }
}
