// What the declaration of a command is. Validation, types, routing, documentation and examples all come from it.

import type * as z from 'zod'
import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import { type Failure, fail, type Reason } from './failures.ts'
import type { Opaque } from './fields.ts'
import type { JsonText } from './json-text.ts'

/**
 * Who answers: the client's object, the team's directory, or the service itself in place. `client_or_team` is the
 * client's object, or the directory if the parameter `scope` says `team`; with `client_or_each` the door then asks each
 * client's object and puts their answers together.
 */
export type Scope = 'client' | 'team' | 'client_or_team' | 'client_or_each' | 'service'

export type JsonObject = Readonly<Record<string, unknown>>

export type Declaration<
  Name extends string = string,
  Parameters extends z.ZodObject = z.ZodObject,
  Result extends z.ZodObject = z.ZodObject,
  Answering extends Scope = Scope,
> = {
  readonly name: Name
  readonly scope: Answering
  /** True for commands that change what is stored: they take an idempotency key. */
  readonly mutates: boolean
  /** The feature that the caller's subscription must have; absent means that everybody may. */
  readonly feature?: string
  /** An admin of the team may run it for any client of the team. */
  readonly admins?: true
  /** It opens a session: a session id that it names is one to be, and an object of nobody becomes the caller's. */
  readonly makes_session?: true
  /**
   * What those are told whose credentials do not cover the client that it names: `refused` says so, as there is nothing
   * for them to find; `nothing` is what is told of a client that nobody knows. Absent: there is no such session.
   */
  readonly strangers?: 'refused' | 'nothing'
  /** It only looks, even if it renews a lease: sent again it looks again, unless a client's own key asks for the answer. */
  readonly looks?: true
  /**
   * What the rows of the audit log are called. Empty: there is a row only where the handler makes a remark. Absent: by its
   * own name if it changes something; if not, only what an admin reads of somebody else is told.
   */
  readonly audit?: string
  /**
   * It needs to know of images, and the client's object asks the team's directory. How they are now: those that it is
   * about (`status`), with others of the team (`all`), or that of a session with a registry that it tells (`registry`).
   * Or only which start of them is known (`start`), for which it waits only if it knows none.
   */
  readonly images?: 'status' | 'all' | 'registry' | 'start'
  /**
   * What a bridge does with it while the service cannot be reached. `work` is carried out on the bridge's copy and delivered
   * later: a handler of such work looks at `acknowledged`. The others are answered from the copy, which must hold the state,
   * with which revision brought each part (`origins`), or every revision (`history`). Absent: only the service can do it.
   */
  readonly offline?: 'work' | 'state' | 'origins' | 'history'
  /** One sentence for the documentation. */
  readonly summary: string
  readonly parameters: Parameters
  readonly result: Result
  /** Reasons of refusal beyond the common ones. */
  readonly failures: readonly Reason[]
  /** As it travels; a test sends it and compares. */
  readonly example: { readonly parameters: JsonObject; readonly result: JsonObject }
}

/** Declares a command. */
export function command<
  const Name extends string,
  Parameters extends z.ZodObject,
  Result extends z.ZodObject,
  const Answering extends Scope,
>(
  declaration: Declaration<Name, Parameters, Result, Answering>
): Declaration<Name, Parameters, Result, Answering> {
  return declaration
}

export type ParametersOf<D extends Declaration> = z.output<D['parameters']>

/** A result as a handler gives it: opaque values as the text that was stored. */
export type ResultOf<D extends Declaration> = {
  [Key in keyof z.output<D['result']>]: AsText<z.output<D['result']>[Key]>
}

type AsText<Value> = Value extends Opaque ? JsonText : Value

/** Any command may be refused for these; the reference does not repeat them. */
export const COMMON_FAILURES: readonly Reason[] = [
  'parse_error',
  'invalid_request',
  'unknown_command',
  'unsupported_version',
  'unauthenticated',
  'token_expired',
  'missing_parameter',
  'invalid_parameter',
  'payload_too_large',
  'rate_limited',
  'timeout',
  'upstream_unavailable',
  'journal_full',
  'internal_error',
]

/** The reasons of refusal that are a command's own. */
export function ownFailures({ failures, feature }: Declaration): readonly Reason[] {
  const own: readonly Reason[] = feature === undefined ? failures : [...failures, 'forbidden']
  return own.filter((reason) => !COMMON_FAILURES.includes(reason))
}

/**
 * Adds the rule that at least one of `names` is given; when none is, `name` is reported as missing.
 */
export function needsOneOf<Parameters extends z.ZodObject>(
  parameters: Parameters,
  names: readonly string[],
  name: string
): Parameters {
  return parameters
    .refine((given) => names.some((key) => (given as JsonObject)[key] !== undefined), {
      params: { missing: name },
    })
    .meta({ anyOf: names.map((key) => mustHave({ [key]: {} })) }) as Parameters
}

/** The part of a JSON Schema that demands these members. */
export function mustHave(properties: Readonly<Record<string, JsonObject>>) {
  return { type: 'object', properties, required: Object.keys(properties) } as const
}

/** Parses raw parameters by their declaration; says which one is missing or wrong. */
export function parseParameters<D extends Declaration>(
  declaration: D,
  raw: JsonObject
): Outcome<ParametersOf<D>, Failure> {
  const parsed = declaration.parameters.safeParse(raw)
  if (parsed.success) return succeed(parsed.data as ParametersOf<D>)
  return fail(firstFailure(parsed.error.issues, raw))
}

/** Names of given parameters that the declaration does not know; they are ignored. */
export function unknownParameters(declaration: Declaration, raw: JsonObject): string[] {
  return Object.keys(raw).filter((name) => !Object.hasOwn(declaration.parameters.shape, name))
}

function firstFailure(issues: readonly z.core.$ZodIssue[], raw: JsonObject): Failure {
  const missing = issues.map((issue) => missingName(issue, raw)).find((name) => name !== undefined)
  if (missing !== undefined) return { reason: 'missing_parameter', name: missing }
  const issue = issues[0]
  const path = issue?.path.join('.') ?? ''
  if (path === 'client_id') return { reason: 'invalid_client_id' }
  return { reason: 'invalid_parameter', path, detail: issue?.message ?? 'not as declared' }
}

function missingName(issue: z.core.$ZodIssue, raw: JsonObject): string | undefined {
  if (issue.code === 'custom' && typeof issue.params?.missing === 'string') {
    return issue.params.missing
  }
  const [name, ...inner] = issue.path
  const absent = typeof name === 'string' && inner.length === 0 && raw[name] === undefined
  return absent ? name : undefined
}
