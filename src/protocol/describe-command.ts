// One command as JSON Schema: what `describe` answers of it, and what the printed documents are made of.

import * as z from 'zod'
import { COMMON_FAILURES, type Declaration, ownFailures } from './command.ts'

/** A command as `describe` tells it. */
export function describeCommand(command: Declaration) {
  const { summary, scope, mutates, feature, example } = command
  return {
    summary,
    scope,
    mutates,
    ...(feature !== undefined && { feature }),
    parameters: jsonSchema(command.parameters),
    result: jsonSchema(command.result),
    failures: [...ownFailures(command), ...COMMON_FAILURES],
    example: { parameters: { ...example.parameters }, result: { ...example.result } },
  }
}

/** The JSON Schema of zod's object; opaque state is any object or array. */
export function jsonSchema(schema: z.ZodObject): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // The format says it; zod's pattern for it is a screen wide.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
    },
  })
  return rest
}
