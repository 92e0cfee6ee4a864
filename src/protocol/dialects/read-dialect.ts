// Brings a message of dialect C or D into the form of dialect A. Only members are moved: each keeps its text.

import type { JsonObject } from '../command.ts'
import { isObjectText, type JsonText, type Outline, outline } from '../json-text.ts'
import { MAX_MEMBERS } from '../limits.ts'
import { CANONICAL, type Dialect, snakeCase } from './dialect.ts'

/** A message in the form of dialect A or B, and what a message without a command is told. */
export type Spoken = {
  readonly dialect: Dialect
  readonly value: JsonObject
  readonly top: Outline
  readonly hint: string
}

/** Members of dialects C and D that mean what they mean in dialect A. */
const SHARED = ['id', 'version', 'idempotency_key', 'auth_token', 'traceparent'] as const

/** Characters of a request type that a reply repeats. */
const MAX_ECHO = 64

/** Tells the dialect of a message and brings it into canonical form. */
export function readDialect(value: JsonObject, top: Outline): Spoken {
  const { payload } = value
  if (isObject(payload) && 'type' in payload) return enveloped(value, payload, top)
  if (typeof value.request_type === 'string') {
    const dialect: Dialect = { spelling: 'typed', request_type: echoed(value.request_type) }
    return moved(dialect, value, { name: value.request_type, from: value, within: top })
  }
  return {
    dialect: CANONICAL,
    value,
    top,
    hint: 'command is missing; send {"id": …, "command": "ping", "parameters": {}}',
  }
}

/** What is no request is named by its payload's type, so that nobody takes it for one of ours. */
function enveloped(value: JsonObject, payload: JsonObject, top: Outline): Spoken {
  const data = isObject(payload.data) ? payload.data : {}
  const name = payload.type === 'Request' ? data.request_type : payload.type
  const dialect: Dialect = {
    spelling: 'enveloped',
    request_type: typeof name === 'string' ? echoed(name) : 'Error',
  }
  return moved(dialect, value, { name, from: data, within: inner(inner(top, 'payload'), 'data') })
}

function moved(
  dialect: Dialect,
  value: JsonObject,
  { name, from, within }: { name: unknown; from: JsonObject; within: Outline }
): Spoken {
  const shared = SHARED.filter((key) => value[key] !== undefined)
  const parameters = within.members.get('params')
  return {
    dialect,
    value: {
      ...Object.fromEntries(shared.map((key) => [key, value[key]])),
      command: typeof name === 'string' ? snakeCase(name) : undefined,
      parameters: from.params,
    },
    top: {
      members: new Map(parameters === undefined ? [] : [['parameters', parameters]]),
      deepest: within.deepest,
      isWhole: within.isWhole,
    },
    hint: `request_type is missing; send ${EXAMPLES[dialect.spelling]}`,
  }
}

const EXAMPLES = {
  canonical: '',
  enveloped:
    '{"id": …, "version": "1.0.0", "timestamp": …, "payload": {"type": "Request", "data": {"request_type": "Ping", "params": {}}}}',
  typed: '{"request_type": "Ping", "params": {}}',
} as const

function inner({ members, isWhole }: Outline, name: string): Outline {
  const text: JsonText | undefined = members.get(name)
  if (text === undefined || !isObjectText(text)) return { members: new Map(), deepest: 0, isWhole }
  const found = outline(text, MAX_MEMBERS)
  return { ...found, isWhole: isWhole && found.isWhole }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function echoed(requestType: string): string {
  return requestType.slice(0, MAX_ECHO).toWellFormed()
}
