// Reads a message in any dialect that is served and gives the canonical call (specification section 1).

import type { Outcome } from '../outcome.ts'
import { succeed } from '../outcome.ts'
import type { JsonObject } from './command.ts'
import { CANONICAL, type Dialect } from './dialects/dialect.ts'
import { readDialect, type Spoken } from './dialects/read-dialect.ts'
import { type Failure, fail, tooDeep } from './failures.ts'
import { type JsonText, loneSurrogatePath, type Outline, outline, toJsonText } from './json-text.ts'
import { MAX_ID_LENGTH, MAX_MEMBERS, PROTOCOL_VERSION } from './limits.ts'
import {
  gatherParameters,
  readAuthToken,
  tooDeepMember,
  tooManyMembers,
} from './message-parameters.ts'

/** A request as every dialect means it. Opaque parameters are the text that came; null parameters are absent. */
export type Message = {
  readonly command: string
  readonly parameters: JsonObject
  readonly idempotencyKey?: string
  /** Never among the parameters, so that it is in no log, warning, digest or row. Empty if what came is no text. */
  readonly authToken?: string
}

/** What could be read of a message: its id is known even where the rest is refused. */
export type Reading = {
  /** The id as JSON text, to be echoed in the same type and spelling; `null` where none was sent. */
  readonly id: JsonText
  /** How the reply is to be spelled. */
  readonly dialect: Dialect
  readonly message: Outcome<Message, Failure>
}

const NO_ID = 'null' as JsonText

/** Reads one message. Never throws: whatever arrives gets an id to answer to and a call or a failure. */
export function readMessage(text: string): Reading {
  const parsed = parse(text)
  if (!parsed.ok) return { id: NO_ID, dialect: CANONICAL, message: parsed }
  const value = parsed.value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { id: NO_ID, dialect: CANONICAL, message: invalid('a message is one JSON object') }
  }
  const top = outline(text as JsonText, MAX_MEMBERS)
  const spoken = readDialect(value as JsonObject, top)
  const { dialect } = spoken
  const id = readId(value as JsonObject, top)
  if (!id.ok) return { id: NO_ID, dialect, message: id }
  return { id: id.value, dialect, message: readCall(text, spoken) }
}

function parse(text: string): Outcome<unknown, Failure> {
  try {
    return succeed(JSON.parse(text))
  } catch (error) {
    return fail({ reason: 'parse_error', detail: whereParsingStopped(text, error) })
  }
}

/** The position alone, if there is one: the rest of the runtime's message quotes what was sent. */
function whereParsingStopped(text: string, error: unknown): string {
  if (text.trim() === '') return 'it is empty'
  const position = / in JSON at position (\d+)( \(line \d+ column \d+\))?$/.exec(String(error))?.[1]
  const isCutOff = Number(position) === text.length || String(error).endsWith('end of JSON input')
  if (isCutOff) return 'it ends too early'
  return position === undefined
    ? 'it holds an unexpected character'
    : `unexpected character at ${position}`
}

function readId(value: JsonObject, top: Outline): Outcome<JsonText, Failure> {
  const id = value.id
  if (id === undefined || id === null) return succeed(NO_ID)
  const text = top.members.get('id') ?? NO_ID
  const isText = typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_LENGTH
  if (isText && id.isWellFormed()) return succeed(text)
  if (typeof id === 'number' && text.length <= MAX_ID_LENGTH) return succeed(text)
  return invalid(`id is a number or a string of 1 to ${MAX_ID_LENGTH} characters`)
}

function readCall(text: string, spoken: Spoken): Outcome<Message, Failure> {
  const { value, top } = spoken
  const refused = refusedEnvelope(text, spoken)
  if (refused !== undefined) return fail(refused)
  const gathered = gatherParameters(value, top)
  if (!gathered.ok) return gathered
  const token = readAuthToken(value)
  if (!token.ok) return token
  const key = value.idempotency_key
  return succeed({
    command: value.command as string,
    parameters: gathered.value,
    ...(typeof key === 'string' && { idempotencyKey: key }),
    ...(token.value !== undefined && { authToken: token.value }),
  })
}

function refusedEnvelope(text: string, { value, top, hint }: Spoken): Failure | undefined {
  if (!top.isWhole) return tooManyMembers('the message').failure
  const deep = tooDeepMember(top)
  if (deep !== undefined) return tooDeep(deep.toWellFormed()).failure
  if (typeof value.command !== 'string' || value.command === '') {
    return { reason: 'invalid_request', detail: hint }
  }
  const version = value.version ?? PROTOCOL_VERSION
  if (!isOurMajor(version)) {
    return {
      reason: 'unsupported_version',
      version: toJsonText(version).slice(0, 32),
      supported: [PROTOCOL_VERSION],
    }
  }
  const key = value.idempotency_key ?? 'none'
  if (typeof key !== 'string' || key === '' || key.length > MAX_ID_LENGTH) {
    return {
      reason: 'invalid_request',
      detail: `idempotency_key is a string of 1 to ${MAX_ID_LENGTH} characters`,
    }
  }
  return loneSurrogate(text, value)
}

function isOurMajor(version: unknown): boolean {
  const major = PROTOCOL_VERSION.split('.')[0]
  return typeof version === 'string' || typeof version === 'number'
    ? String(version).split('.')[0] === major
    : false
}

/** Only an escape can bring a lone surrogate in: the message itself is UTF-8. */
function loneSurrogate(text: string, value: JsonObject): Failure | undefined {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return undefined
  const path = loneSurrogatePath(value)
  if (path === undefined) return undefined
  return {
    reason: 'invalid_parameter',
    path: (path.replace(/^parameters\./, '') || 'parameters').toWellFormed(),
    detail:
      'a string holds half a surrogate pair (\\ud800 to \\udfff alone), which is no character',
  }
}

function invalid(detail: string) {
  return fail({ reason: 'invalid_request', detail })
}
