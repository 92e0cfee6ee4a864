// Small pieces of Markdown, and the table that a JSON Schema makes.

import type { JsonObject } from './command.ts'

/** A table; pipes inside cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** JSON text, spread over lines, as a code block. */
export function jsonBlock(text: string): string {
  return `\`\`\`json\n${JSON.stringify(JSON.parse(text), null, 2)}\n\`\`\``
}

export function code(text: string): string {
  return `\`${text}\``
}

/** Sections with a blank line between them. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

/** The members of an object schema as rows: name, type, required, limits, meaning. Inner members follow theirs. */
export function memberRows(schema: JsonObject, prefix = ''): string[][] {
  const required = new Set((schema.required as string[] | undefined) ?? [])
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]: [string, JsonObject]) => [
    [
      code(prefix + name),
      typeName(member),
      required.has(name) ? 'yes' : 'no',
      limits(member).join(', '),
      String(member.description ?? ''),
    ],
    ...innerRows(member, prefix + name),
  ])
}

function innerRows(schema: JsonObject, name: string): string[][] {
  const { properties, items, additionalProperties } = schema as Record<string, JsonObject>
  if (properties !== undefined) return memberRows(schema, `${name}.`)
  if (items?.properties !== undefined) return memberRows(items, `${name}[].`)
  if (additionalProperties?.properties === undefined) return []
  return memberRows(additionalProperties, `${name}.*.`)
}

function typeName({ type, items, additionalProperties }: JsonObject): string {
  if (Array.isArray(type)) return type.join(' or ')
  if (type === 'array') return `array of ${typeName((items ?? {}) as JsonObject)}s`
  const values = (additionalProperties as JsonObject | undefined)?.type
  return type === 'object' && values !== undefined ? `object of ${values}s` : String(type ?? 'any')
}

function limits(schema: JsonObject): string[] {
  const { enum: choices, const: only, pattern, maxItems, maxProperties } = schema
  return [
    Array.isArray(choices) ? choices.map((choice) => code(choice)).join(', ') : '',
    only === undefined ? '' : code(JSON.stringify(only)),
    pattern === undefined ? '' : code(String(pattern)),
    schema.format === 'date-time' ? 'ISO 8601, UTC' : '',
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minimum, schema.maximum, ''),
    range(undefined, maxItems, ' entries'),
    range(undefined, maxProperties, ' entries'),
  ].filter((limit) => limit !== '')
}

function range(least: unknown, most: unknown, unit: string): string {
  const isBounded = most !== undefined && most !== Number.MAX_SAFE_INTEGER
  if (isBounded && least === most) return `${most}${unit}`
  if (isBounded)
    return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`
  return least === undefined ? '' : `from ${least}${unit}`
}
