// Gathers the parameters of a message. Dialect A carries them under `parameters`; dialect B is flat:
// what is not part of the envelope is a parameter.

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { JsonObject } from './command.ts'
import { BY_NAME_FIELD, DOCUMENT_FIELD, OPAQUE_FIELDS } from './components.ts'
import { type Failure, fail } from './failures.ts'
import { isObjectText, type JsonText, levels, type Outline, outline } from './json-text.ts'
import { MAX_MEMBERS, MAX_NESTING } from './limits.ts'

/** Top-level keys that belong to the envelope; dialect B's other keys are parameters. */
export const ENVELOPE_KEYS: ReadonlySet<string> = new Set([
  'id',
  'command',
  'parameters',
  'version',
  'timestamp',
  'meta',
  'idempotency_key',
  'auth_token',
  'traceparent',
])

/** The parameters of a message: opaque ones as the text that came, null ones left out. */
export function gatherParameters(value: JsonObject, top: Outline): Outcome<JsonObject, Failure> {
  const given = value.parameters ?? {}
  if (typeof given !== 'object' || Array.isArray(given))
    return fail({ reason: 'invalid_request', detail: 'parameters is an object' })
  const { members: inner, isWhole } = innerOutline(top)
  if (!isWhole) return tooManyMembers('parameters')
  const gathered: Record<string, unknown> = Object.create(null)
  for (const [name, text] of inner) {
    if (name !== 'auth_token') take(gathered, name, (given as JsonObject)[name], text)
  }
  for (const [name, text] of top.members) {
    if (ENVELOPE_KEYS.has(name)) continue
    const twin = inner.get(name)
    if (twin !== undefined && !isSame(name, twin, text)) return contradiction(name)
    take(gathered, name, value[name], text)
  }
  return succeed(gathered)
}

/** The token of the message, beside the command or among the parameters; no text at all is a token that is not good. */
export function readAuthToken({
  auth_token,
  parameters,
}: JsonObject): Outcome<string | undefined, Failure> {
  const outer = auth_token ?? undefined
  const inner = (parameters as JsonObject | null | undefined)?.auth_token ?? undefined
  if (outer !== undefined && inner !== undefined && outer !== inner) {
    return contradiction('auth_token')
  }
  const given = outer ?? inner
  return succeed(given === undefined || typeof given === 'string' ? given : '')
}

/** The first member that nests deeper than one parameter may; members of `parameters` are parameters. */
export function tooDeepMember(top: Outline): string | undefined {
  if (top.deepest <= MAX_NESTING) return undefined
  const members = [...innerOutline(top).members, ...top.members]
  return members.find(([name, text]) => levels(text) > MAX_NESTING + levelsAround(name))?.[0]
}

/** Levels of a member that are around the states in it, and not theirs. */
function levelsAround(name: string): number {
  if (name === 'parameters') return 3
  if (name === DOCUMENT_FIELD) return 2
  return name === BY_NAME_FIELD ? 1 : 0
}

function innerOutline(top: Outline): Pick<Outline, 'members' | 'isWhole'> {
  const text = top.members.get('parameters')
  const isObject = text !== undefined && isObjectText(text)
  return isObject ? outline(text, MAX_MEMBERS) : { members: new Map(), isWhole: true }
}

/** Refuses an object whose members would take longer to look at than any command takes. */
export function tooManyMembers(of: string) {
  return fail({
    reason: 'invalid_request',
    detail: `${of} may have at most ${MAX_MEMBERS} members; send what belongs together as one`,
  })
}

function take(into: Record<string, unknown>, name: string, value: unknown, text: JsonText): void {
  if (value === null || value === undefined) return
  into[name] = isOpaque(name, text) ? text : value
}

/** State stays text: a component, and an object of components by name. A list of such names is a plain value. */
function isOpaque(name: string, text: JsonText): boolean {
  return OPAQUE_FIELDS.has(name) || (name === BY_NAME_FIELD && isObjectText(text))
}

/** Opaque twins are the same only to the letter: two integers beyond 2^53 are not told apart once parsed. */
function isSame(name: string, a: JsonText, b: JsonText): boolean {
  if (a === b) return true
  return !isOpaque(name, a) && JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b))
}

function contradiction(name: string) {
  return fail({
    reason: 'invalid_parameter',
    path: name,
    detail: 'it is given twice with different values',
  })
}
