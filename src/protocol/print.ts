// Prints what is written once, in the declarations: README.md, schema.json and openapi.json beside this file.
// A program for people who change the protocol (npm run docs); with --check it only tells whether they are current.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { schemaDocument } from './reference.ts'
import { openApiDocument } from './reference-openapi.ts'
import { referencePage } from './reference-page.ts'

const decisions = readFileSync(place('decisions.md'), 'utf8')

const PRINTED = {
  'README.md': referencePage(decisions),
  'schema.json': jsonFile(schemaDocument()),
  'openapi.json': jsonFile(openApiDocument()),
}

if (process.argv.includes('--check')) check()
else for (const [name, text] of Object.entries(PRINTED)) writeFileSync(place(name), text)

function check(): void {
  const stale = Object.entries(PRINTED).filter(([name, text]) => kept(name) !== text)
  if (stale.length === 0) return
  const names = stale.map(([name]) => name).join(', ')
  process.stderr.write(`Not as printed from the registry: ${names}. Run npm run docs.\n`)
  process.exitCode = 1
}

function kept(name: string): string | undefined {
  try {
    return readFileSync(place(name), 'utf8')
  } catch {
    return undefined
  }
}

function place(name: string): string {
  return join(import.meta.dirname, name)
}

function jsonFile(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
