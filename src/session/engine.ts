// Runs one command of a client: parse, owner, limits, idempotency, handler, in one transaction.
// Runtime-neutral and synchronous; the only place where a fault is caught.

import type { Clock } from '../clock.ts'
import type { WantedImages } from '../image/record.ts'
import type { Outcome } from '../outcome.ts'
import type { Call, Caller, Reply } from '../protocol/call.ts'
import { type Declaration, type JsonObject, parseParameters } from '../protocol/command.ts'
import { type Failure, fail } from '../protocol/failures.ts'
import { findCommand } from '../protocol/registry.ts'
import type { Owner } from '../storage/clients.ts'
import type { Store } from '../storage/store.ts'
import { isSuperseded } from './acknowledged.ts'
import { append } from './audit.ts'
import { createNotes } from './audit-notes.ts'
import { noteOf, type Remark, rowsOf } from './audit-rules.ts'
import { HANDLERS } from './commands/index.ts'
import type { ClientCommand, Context } from './context.ts'
import { noteEvents } from './events.ts'
import { earlierAnswer, identify, keepAnswer } from './idempotency.ts'
import { wantedImages } from './images.ts'
import { isAllowed, type Limits } from './limits.ts'
import { resultText } from './result-text.ts'
import type { SessionIds } from './session-id.ts'
import { fullBucket, takeToken } from './token-bucket.ts'
import { maySee, mayUse, nobodysStore } from './whose.ts'

export type Engine = {
  execute(call: Call): Reply
  /** What the answer will need to know of images; undefined if nothing, as for everybody who may not see the object. */
  imagesFor(call: Call): WantedImages | undefined
  /** True while refusals wait for their rows in the audit log. */
  hasNotes(): boolean
  /** Writes those rows as far as they are due; gives when the rest will be. To be called after the answer. */
  writeNotes(): number | undefined
}

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

/** Commands that a stranger is refused by name, because there is nothing for them to find. */
const MAKES_SESSION: ReadonlySet<string> = new Set([
  'create_session',
  'import_session',
  'get_mint_key',
])

/** The engine over one client's store. */
export function createEngine(parts: EngineParts): Engine {
  const { store, clock, limits, ids, onFault } = parts
  let bucket = fullBucket(limits.commands, clock.now())
  const nobodys = nobodysStore()
  const notes = createNotes(store, limits)
  let known: Owner | undefined

  function limitsOf({ tier }: Caller): Limits {
    return tier === undefined ? limits : { ...limits, ...parts.limitsOfTier?.(tier) }
  }

  /** Whose object this is decides what can be seen: for anybody else it is empty. */
  function contextOf(call: Call, now: number, warn: Context['warn']) {
    const { command, caller, parameters, acknowledged } = call
    const row = known
    const claimed = parameters.client_id
    const owner = row && maySee(row, caller, claimed, findCommand(command)) ? row : undefined
    const client_id = owner?.client_id ?? (typeof claimed === 'string' ? claimed : '')
    const own = row === undefined || owner !== undefined ? store : nobodys
    const told = { store: own, owner, client_id, limits: limitsOf(caller), ids, caller, now, warn }
    return { ...told, images: call.images, acknowledged, audit: () => {} }
  }

  /** A fault is left to the command itself, which meets it again. */
  function imagesFor(call: Call): WantedImages | undefined {
    if (findCommand(call.command)?.images !== true) return undefined
    try {
      known ??= store.clients.find()
      const { owner } = contextOf(call, clock.now(), () => {})
      return owner === undefined ? undefined : wantedImages(store, call)
    } catch {
      return undefined
    }
  }

  function run(call: Call, now: number, warn: Context['warn']): Told {
    const { waitMs, bucket: level } = takeToken(bucket, limits.commands, now)
    bucket = level
    try {
      known ??= store.clients.find()
      const owner = known
      const context = contextOf(call, now, warn)
      const isOwn = context.store === store
      const done = waitMs > 0 ? tooSoon(waitMs) : checked(call, context, isOwn)
      const declaration = findCommand(call.command)
      const note = noteOf({ call, declaration, owner, isStranger: !isOwn, now }, done.outcome)
      if (note !== undefined) notes.add(note)
      const isTold = context.client_id !== '' && waitMs === 0
      return isTold ? { ...done, client_id: context.client_id } : done
    } catch (error) {
      onFault(error, call)
      return refused({ reason: 'internal_error' })
    }
  }

  return {
    imagesFor,
    hasNotes: notes.isPending,
    writeNotes: () => notes.write(clock.now()),
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
    (MAKES_SESSION.has(name) && !(isOwn && mayUse(caller, client_id)))
  if (client_id !== '' && isRefused) return refused({ reason: 'client_not_allowed', client_id })
  if (!mutates) return { outcome: handle(name, parsed.value, context), replayed: false }
  return store.transaction(() => once(name, { ...call, parameters: parsed.value }, context))
}

function once(name: ClientCommand, call: Call, context: Context): Run {
  const request = identify(call)
  const earlier = earlierAnswer(context, request)
  const isStale = earlier?.ok === true && isSuperseded(context, request, earlier.value)
  if (earlier !== undefined && !isStale) return { outcome: earlier, replayed: earlier.ok }
  const remarks: Remark[] = []
  const outcome = handle(name, call.parameters, {
    ...context,
    audit: (remark) => remarks.push(remark),
  })
  if (outcome.ok)
    append(context.store, context.limits, rowsOf(context, call, outcome.value, remarks))
  if (outcome.ok) noteEvents(context.store, context.limits, context.now)
  if (outcome.ok && isWorthKeeping(name, call)) keepAnswer(context, request, outcome.value)
  return { outcome, replayed: false }
}

/** Looking at a session that is active is the same however often it is done; only a client's own key asks for more. */
function isWorthKeeping(name: ClientCommand, { parameters, idempotency_key }: Call): boolean {
  const isLooking = name === 'restore_session' || name === 'load_context'
  return !isLooking || parameters.revive === true || idempotency_key !== undefined
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

function tooSoon(retry_after_ms: number): Run {
  return refused({ reason: 'rate_limited', retry_after_ms })
}

function refused(failure: Failure): Run {
  return { outcome: fail(failure), replayed: false }
}
