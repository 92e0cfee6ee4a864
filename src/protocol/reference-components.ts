// The part of the reference page that tells what components hold.

import * as z from 'zod'
import type { JsonObject } from './command.ts'
import { COMPONENTS } from './components.ts'
import { CONTEXT_SHAPES } from './context-shapes.ts'
import { MAX_HISTORY_BYTES, MAX_HISTORY_ENTRIES } from './limits.ts'
import { code, paragraphs, table } from './reference-markdown.ts'

/** The shapes that the seeds name, as one table. */
export function components(): string {
  return paragraphs(
    '## Components',
    'A state is made of components. Each is an object or an array of the developer, and nothing of it is ever refused for its shape. These members have a meaning: `get_context_summary` counts by them, and whatever else there is by what is at its top.',
    table(['member', 'type', 'meaning'], COMPONENTS.flatMap(rowsOf)),
    `${code('save_context')} adds to ${code('evaluation_history')}: an array brings its entries, anything else is one entry. At most ${MAX_HISTORY_ENTRIES} entries and ${MAX_HISTORY_BYTES} bytes are kept; the oldest are forgotten first, and a warning says so.`
  )
}

function rowsOf(component: (typeof COMPONENTS)[number]): string[][] {
  const schema = z.toJSONSchema(CONTEXT_SHAPES[component], { io: 'input' }) as JsonObject
  return [[code(component), typeOf(schema), ''], ...innerRows(schema, component)]
}

/** Members by name, members of any name as `*`, and items as `[]`, at every level. */
function innerRows(schema: JsonObject, path: string): string[][] {
  const { properties, items, additionalProperties, anyOf } = schema
  const named = Object.entries((properties ?? {}) as Record<string, JsonObject>)
  const inner: readonly (readonly [string, unknown])[] = [
    ...named.map(([name, member]) => [`${path}.${name}`, member] as const),
    [`${path}.*`, additionalProperties],
    [`${path}[]`, items],
  ]
  return [
    ...inner.flatMap(([name, member]) => (hasMeaning(member) ? rowsOfMember(name, member) : [])),
    ...((anyOf ?? []) as readonly JsonObject[]).flatMap((choice) => innerRows(choice, path)),
  ]
}

function rowsOfMember(name: string, member: JsonObject): string[][] {
  const row = [code(name), typeOf(member), String(member.description ?? '')]
  return [row, ...innerRows(member, name)]
}

function hasMeaning(schema: unknown): schema is JsonObject {
  return typeof schema === 'object' && schema !== null && Object.keys(schema).length > 0
}

function typeOf({ type, anyOf }: JsonObject): string {
  const choices = (anyOf ?? []) as readonly JsonObject[]
  return choices.length > 0 ? choices.map(typeOf).join(' or ') : String(type ?? 'any')
}
