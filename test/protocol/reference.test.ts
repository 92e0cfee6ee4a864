// What is printed is what the registry says.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMPATIBILITY } from '../../local-bridge/stack/build-worker.ts'
import { CATALOGUE } from '../../src/protocol/catalogue.ts'
import type { JsonObject } from '../../src/protocol/command.ts'
import { COMMANDS } from '../../src/protocol/commands/index.ts'
import { describeCommands, schemaDocument } from '../../src/protocol/reference.ts'
import { openApiDocument } from '../../src/protocol/reference-openapi.ts'
import { referencePage } from '../../src/protocol/reference-page.ts'
import { VERSION } from '../../src/version.ts'

const ROOT = join(import.meta.dirname, '../..')
const file = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const printed = (document: unknown) => `${JSON.stringify(document, null, 2)}\n`

describe('npm run docs', () => {
  it('has printed the reference page that is in the repository', () => {
    const page = referencePage(file('src/protocol/decisions.md'))
    expect(page === file('src/protocol/README.md'), 'run npm run docs').toBe(true)
  })

  it('has printed the schemas that are in the repository', () => {
    const isCurrent =
      printed(schemaDocument()) === file('src/protocol/schema.json') &&
      printed(openApiDocument()) === file('src/protocol/openapi.json')
    expect(isCurrent, 'run npm run docs').toBe(true)
  })
})

describe('the reference page', () => {
  const page = file('src/protocol/README.md')

  it.each(COMMANDS)('has a section on $name with its summary and all its members', (command) => {
    const section = page.split(`\n### ${command.name}\n`)[1]?.split('\n### ')[0] ?? ''
    expect(section).toContain(command.summary)
    const { parameters, result } = command
    for (const name of [...Object.keys(parameters.shape), ...Object.keys(result.shape)]) {
      expect(section).toContain(`| \`${name}\` |`)
    }
  })

  it.each(Object.keys(CATALOGUE))('lists the error code %s', (reason) => {
    expect(page).toContain(`| \`${reason}\` | \``)
  })

  it('ends with the decisions', () => {
    expect(page.endsWith(file('src/protocol/decisions.md').trim().concat('\n'))).toBe(true)
  })
})

describe('the JSON Schemas', () => {
  it.each([
    ['schema.json', schemaDocument(), '#/$defs/'],
    ['openapi.json', openApiDocument(), '#/components/schemas/'],
  ])('of %s refer to nothing that is not there', (_, document, base) => {
    const schemas = base.startsWith('#/$defs') ? document.$defs : inner(document)
    const names = Object.keys(schemas as JsonObject).map((name) => base + name)
    expect(names.length).toBeGreaterThan(COMMANDS.length * 4)
    for (const ref of refsIn(document)) expect(names).toContain(ref)
  })

  it('use keywords of JSON Schema 2020-12 with values of the right kind', () => {
    const { $defs } = schemaDocument()
    for (const schema of Object.values($defs as JsonObject)) checkSchema(schema)
  })

  it('tell the closed sets of the catalogue', () => {
    const { error_reply } = schemaDocument().$defs as Record<string, JsonObject>
    expect(error_reply?.properties).toMatchObject({
      error_code: { enum: Object.keys(CATALOGUE) },
      error_type: { enum: ['SessionError', 'SessionNotFound', 'RuntimeError', 'Error'] },
    })
  })
})

describe('describe', () => {
  it('tells one command, all, or none', () => {
    expect(Object.keys(describeCommands('ping').commands)).toEqual(['ping'])
    expect(Object.keys(describeCommands().commands)).toEqual(COMMANDS.map(({ name }) => name))
    expect(describeCommands('pong').commands).toEqual({})
  })
})

describe('what is written in two places', () => {
  it('is the same version in package.json and in the service', () => {
    expect(JSON.parse(file('package.json'))).toMatchObject({ version: VERSION })
  })

  it('is the same compatibility in wrangler.toml and in the local stack', () => {
    const wrangler = file('wrangler.toml')
    expect(wrangler).toContain(`compatibility_date = "${COMPATIBILITY.date}"`)
    expect(wrangler).toContain(`compatibility_flags = ${JSON.stringify(COMPATIBILITY.flags)}`)
  })
})

function inner(document: JsonObject): unknown {
  return (document.components as JsonObject).schemas
}

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' ? [String(member)] : refsIn(member)
  )
}

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']

function checkSchema(schema: unknown): void {
  expect(schema).toBeTypeOf('object')
  for (const [keyword, value] of Object.entries(schema as JsonObject)) checkKeyword(keyword, value)
}

function checkKeyword(keyword: string, value: unknown): void {
  switch (keyword) {
    case 'items':
    case 'propertyNames':
    case 'additionalProperties':
      checkSchema(value)
      break
    case 'anyOf':
      ;(value as unknown[]).forEach(checkSchema)
      break
    case 'properties':
      Object.values(value as JsonObject).forEach(checkSchema)
      break
    case 'type':
      expect(TYPES).toEqual(expect.arrayContaining([value].flat()))
      break
    case 'required':
    case 'enum':
      expect(value).toBeInstanceOf(Array)
      break
    case 'const':
      break
    case '$ref':
    case 'description':
    case 'format':
    case 'pattern':
      expect(value).toBeTypeOf('string')
      break
    case 'x-opaque':
      expect(value).toBe(true)
      break
    default:
      expect(keyword).toMatch(/^(min|max)(Length|imum|Items|Properties)$/)
      expect(value).toBeTypeOf('number')
  }
}
