// The parts that every operation of the OpenAPI document is made of.

import { CATALOGUE } from './catalogue.ts'
import type { JsonObject } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import type { Reason } from './failures.ts'

export const SCHEMAS = '#/components/schemas/'

export function errorResponse(status: number): JsonObject {
  const reasons = (Object.keys(CATALOGUE) as Reason[]).filter(
    (reason) => CATALOGUE[reason].status === status
  )
  return {
    description: reasons.join(', '),
    content: json({ $ref: `${SCHEMAS}error_reply` }),
  }
}

export function refs(suffix: string): JsonObject[] {
  return COMMANDS.map(({ name }) => ({ $ref: `${SCHEMAS}${name}_${suffix}` }))
}

export function header(name: string, description: string, maxLength: number): JsonObject {
  return { name, in: 'header', description, schema: { type: 'string', maxLength } }
}

export function json(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } }
}
