// The part of the reference page that tells each command, as its declaration has it.

import type { Declaration, JsonObject } from './command.ts'
import { ownFailures } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { jsonSchema } from './describe-command.ts'
import { toJsonText } from './json-text.ts'
import { code, jsonBlock, memberRows, paragraphs, table } from './reference-markdown.ts'
import { successReply } from './reply.ts'

/** The moment of examples whose result does not tell one. */
const EXAMPLE_TIME = '2025-08-30T10:50:00.000Z'

const ANSWERED_BY = {
  client: "the client's object",
  team: "the team's directory",
  client_or_team: "the client's object, or the team's directory if `scope` is `team`",
  client_or_each: "the client's object, or each client's object if `scope` is `team`",
  service: 'the service itself',
} as const

/** All commands at a glance. */
export function commandOverview(): string {
  const rows = COMMANDS.map(({ name, scope, mutates, summary }) => [
    `[${name}](#${name})`,
    ANSWERED_BY[scope],
    mutates ? 'yes' : 'no',
    summary,
  ])
  return table(['command', 'answered by', 'changes something', 'summary'], rows)
}

/** One section for each command. */
export function commandSections(): string {
  return paragraphs(...COMMANDS.map(section))
}

function section(command: Declaration): string {
  const { name, scope, summary, feature, example } = command
  return paragraphs(
    `### ${name}`,
    `${summary} Answered by ${ANSWERED_BY[scope]}.`,
    feature === undefined ? '' : `It needs the feature ${code(feature)}.`,
    parameters(jsonSchema(command.parameters)),
    table(
      ['result', 'type', 'always', 'limits', 'meaning'],
      memberRows(jsonSchema(command.result))
    ),
    `Refused with: ${refusals(command)}.`,
    jsonBlock(toJsonText({ id: `${name}-001`, command: name, parameters: example.parameters })),
    jsonBlock(exampleReply(command))
  )
}

function parameters(schema: JsonObject): string {
  const rows = memberRows(schema)
  if (rows.length === 0) return 'It takes no parameters.'
  const choices = (schema.anyOf ?? []) as readonly { readonly required: readonly string[] }[]
  const needed = choices.map(({ required }) => required.map(code).join(' with '))
  return paragraphs(
    table(['parameter', 'type', 'required', 'limits', 'meaning'], rows),
    needed.length === 0 ? '' : `At least one is required of: ${needed.join(', ')}.`
  )
}

function refusals(command: Declaration): string {
  return [...ownFailures(command).map(code), 'the common ones'].join(', ')
}

function exampleReply({ name, scope, example }: Declaration): string {
  const client_id = example.result.client_id ?? example.parameters.client_id
  return successReply({
    id: toJsonText(`${name}-001`),
    ...(typeof client_id === 'string' && { client_id }),
    result: toJsonText(example.result),
    timestamp: answeredAt(example.result),
    meta: {
      request_id: '0b8f1c1e-5f0a-4a49-9d1c-6a4f7f4d3f10',
      ...(scope.startsWith('client') && { persistence: 'durable' as const }),
    },
  })
}

/** The moment at which a result with such times is answered. */
export function answeredAt({ expires_at, timeout, time_until_expiry }: JsonObject): string {
  if (typeof expires_at !== 'string') return EXAMPLE_TIME
  const seconds = Number(time_until_expiry ?? timeout ?? 3600)
  return new Date(Date.parse(expires_at) - seconds * 1000).toISOString()
}
