// Runs one command of a client: parse, owner, limits, idempotency, handler, in one transaction.
// Runtime-neutral and synchronous; the only place where a fault is caught.

import type { Clock } from '../clock.ts'
import type { Outcome } from '../outcome.ts'
import type { Call, Reply } from '../protocol/call.ts'
import { type Declaration, type JsonObject, parseParameters } from '../protocol/command.ts'
import { OPAQUE_FIELDS } from '../protocol/components.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { type JsonText, toJsonText } from '../protocol/json-text.ts'
import { findCommand } from '../protocol/registry.ts'
import type { Store } from '../storage/store.ts'
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
  readonly ids: SessionIds
  /** Hears of a fault that the client is told as `internal_error`. */
  readonly onFault: (error: unknown, call: Call) => void
}

type Run = { readonly outcome: Outcome<JsonObject, Failure>; readonly replayed: boolean }

type Told = Run & { readonly client_id: string | undefined }

/** The engine over one client's store. */
export function createEngine({ store, clock, limits, ids, onFault }: EngineParts): Engine {
  let bucket = fullBucket(limits.commands, clock.now())

  return {
    execute: (call) => {
      const now = clock.now()
      const taken = takeToken(bucket, limits.commands, now)
      bucket = taken.bucket
      const warnings: string[] = []
      const warn = (sentence: string) => warnings.push(sentence)
      const context = { store, limits, ids, team: call.team, now, warn }
      const { outcome, replayed, client_id } = guarded(call, context, taken.waitMs, onFault)
      return {
        outcome: outcome.ok ? { ok: true, value: resultText(outcome.value) } : outcome,
        ...(client_id !== undefined && { client_id }),
        replayed,
        warnings,
      }
    },
  }
}

function guarded(
  call: Call,
  context: Context,
  waitMs: number,
  onFault: EngineParts['onFault']
): Told {
  try {
    const run =
      waitMs > 0
        ? refused({ reason: 'rate_limited', retry_after_ms: waitMs })
        : checked(call, context)
    return { ...run, client_id: clientOf(call, run, context.store) }
  } catch (error) {
    onFault(error, call)
    return { ...refused({ reason: 'internal_error' }), client_id: undefined }
  }
}

function checked(call: Call, context: Context): Run {
  const declaration = findCommand(call.command)
  if (declaration === undefined || !isClientCommand(declaration.name)) {
    return refused({ reason: 'unknown_command', command: call.command, did_you_mean: [] })
  }
  const parsed = parseParameters<Declaration>(declaration, call.parameters)
  if (!parsed.ok) return { outcome: parsed, replayed: false }
  const intruder = notTheOwner(call.team, parsed.value, context)
  if (intruder !== undefined) return refused(intruder)
  const { name, mutates } = declaration
  if (!mutates) return { outcome: handle(name, parsed.value, context), replayed: false }
  return context.store.transaction(() => once(name, parsed.value, call, context))
}

/** The id routes, it never authorises: the object checks whose it is on every command. */
function notTheOwner(team: string, parameters: JsonObject, context: Context): Failure | undefined {
  const owner = context.store.clients.owner()
  const claimed = parameters.client_id
  if (owner !== undefined) {
    const isOwner = owner.team === team && (claimed === undefined || claimed === owner.client_id)
    if (!isOwner) return { reason: 'session_not_found' }
  }
  const client_id = owner?.client_id ?? claimed
  if (typeof client_id !== 'string' || isAllowed(context.limits.clients, client_id)) {
    return undefined
  }
  return { reason: 'client_not_allowed', client_id }
}

function once(name: ClientCommand, parameters: JsonObject, call: Call, context: Context): Run {
  const request = identify({ ...call, parameters })
  const earlier = earlierAnswer(context, request)
  if (earlier !== undefined) return { outcome: earlier, replayed: earlier.ok }
  const outcome = handle(name, parameters, context)
  if (outcome.ok) keepAnswer(context, request, outcome.value)
  return { outcome, replayed: false }
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

function clientOf(call: Call, { outcome }: Run, store: Store): string | undefined {
  const isHidden = !outcome.ok && outcome.failure.reason === 'session_not_found'
  const claimed = call.parameters.client_id
  if (typeof claimed === 'string') return claimed
  return isHidden ? undefined : store.clients.owner()?.client_id
}

/** Writes a result: opaque values go in as the text that was stored. */
function resultText(result: JsonObject): JsonText {
  const members: string[] = []
  for (const [name, value] of Object.entries(result)) {
    if (value === undefined) continue
    const text = OPAQUE_FIELDS.has(name) ? String(value) : toJsonText(value)
    members.push(`"${name}":${text}`)
  }
  return `{${members.join(',')}}` as JsonText
}

function refused(failure: Failure): Run {
  return { outcome: fail(failure), replayed: false }
}
