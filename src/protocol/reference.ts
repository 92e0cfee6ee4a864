// The registry tells itself: what `describe` answers, and all messages as one JSON Schema.

import { VERSION } from '../version.ts'
import { CATALOGUE, ERROR_TYPES } from './catalogue.ts'
import type { Declaration, JsonObject, ResultOf } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { describeCommand, jsonSchema } from './describe-command.ts'
import { CAPABILITIES, MAX_ID_LENGTH, PROTOCOL_VERSION } from './limits.ts'
import type { CommandNamed } from './registry.ts'

type Described = ResultOf<CommandNamed<'describe'>>

/** What `describe` answers: one command, or all; none for a name that is not in the registry. */
export function describeCommands(name?: string): Described {
  const chosen = COMMANDS.filter((command) => name === undefined || command.name === name)
  return {
    protocol_version: PROTOCOL_VERSION,
    version: VERSION,
    capabilities: [...CAPABILITIES],
    commands: Object.fromEntries(chosen.map((command) => [command.name, describeCommand(command)])),
  }
}

/** All messages as one JSON Schema. */
export function schemaDocument(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'STUI session protocol',
    description: `Version ${PROTOCOL_VERSION}. Any request and any reply; each is under its own name in $defs.`,
    anyOf: [
      ...COMMANDS.map(({ name }) => ({ $ref: `#/$defs/${name}_request` })),
      ...COMMANDS.map(({ name }) => ({ $ref: `#/$defs/${name}_reply` })),
      { $ref: '#/$defs/error_reply' },
    ],
    $defs: definitions('#/$defs/'),
  }
}

/** The schemas by name; `base` is where a document keeps them. */
export function definitions(base: string): JsonObject {
  return {
    ...Object.fromEntries(COMMANDS.flatMap((command) => definitionsOf(command, base))),
    error_reply: errorReply(base),
    id: ID,
    meta: META,
  }
}

const ID = {
  description: 'Chosen by the client, echoed to the letter; null where none was sent.',
  type: ['string', 'number', 'null'],
  minLength: 1,
  maxLength: MAX_ID_LENGTH,
}

const META = {
  description: 'What a reply says about itself.',
  type: 'object',
  properties: {
    request_id: { type: 'string', description: 'Finds the command in the log.' },
    persistence: {
      description:
        "How safe it is: in the client's object, on its way to it, or told from a copy from which nothing is on its way.",
      enum: ['durable', 'journaled', 'cached'],
    },
    source: {
      description: 'Who answered in the place of the service; absent if the service did.',
      enum: ['replica', 'bridge'],
    },
    stale_s: {
      description: 'Seconds since the service last agreed with the copy that answered.',
      type: 'integer',
      minimum: 0,
    },
    replayed: { const: true, description: 'The stored answer to an earlier, identical request.' },
    warnings: {
      description: 'What was ignored or repaired.',
      type: 'array',
      items: { type: 'string' },
    },
  },
}

const TIMESTAMP = { type: 'string', format: 'date-time', description: 'When it was answered.' }

const RECOVERY = {
  description: 'Commands that get the client further.',
  type: 'array',
  items: {
    type: 'object',
    required: ['label', 'command', 'parameters'],
    properties: {
      label: { type: 'string' },
      command: { type: 'string' },
      parameters: { type: 'object' },
    },
  },
}

function definitionsOf(command: Declaration, base: string): [string, JsonObject][] {
  const { name } = command
  return [
    [`${name}_request`, request(command, base)],
    [`${name}_parameters`, jsonSchema(command.parameters)],
    [`${name}_reply`, reply(command, base)],
    [`${name}_result`, jsonSchema(command.result)],
  ]
}

/** Dialect A holds the parameters under `parameters`; dialect B beside the command. */
function request({ name, summary, mutates }: Declaration, base: string): JsonObject {
  const parameters = { $ref: `${base}${name}_parameters` }
  return {
    description: summary,
    type: 'object',
    required: ['command'],
    properties: {
      id: { $ref: `${base}id` },
      command: { const: name },
      version: { description: `The protocol's version, ${PROTOCOL_VERSION} if absent.` },
      ...(mutates && {
        idempotency_key: { type: 'string', minLength: 1, maxLength: MAX_ID_LENGTH },
      }),
    },
    anyOf: [{ type: 'object', required: ['parameters'], properties: { parameters } }, parameters],
  }
}

function reply({ name, summary }: Declaration, base: string): JsonObject {
  return {
    description: `The answer to ${name}: ${summary}`,
    type: 'object',
    required: ['id', 'status', 'result', 'timestamp'],
    properties: {
      id: { $ref: `${base}id` },
      status: { const: 'success' },
      client_id: { type: 'string' },
      result: { $ref: `${base}${name}_result` },
      timestamp: TIMESTAMP,
      meta: { $ref: `${base}meta` },
    },
  }
}

function errorReply(base: string): JsonObject {
  return {
    description: 'A refusal. Decide on error_code.',
    type: 'object',
    required: ['id', 'status', 'error', 'error_type', 'error_code', 'timestamp', 'recovery'],
    properties: {
      id: { $ref: `${base}id` },
      status: { const: 'error' },
      error: { type: 'string', description: 'A sentence for people.' },
      error_type: { enum: ERROR_TYPES },
      error_code: { enum: Object.keys(CATALOGUE) },
      timestamp: TIMESTAMP,
      client_id: { type: 'string' },
      details: { type: 'object' },
      recovery: RECOVERY,
      meta: { $ref: `${base}meta` },
    },
  }
}
