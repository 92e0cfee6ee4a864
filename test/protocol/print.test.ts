// npm run docs, as a program.

import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

let scratch = ''

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'print-'))
  for (const path of ['package.json', 'src/protocol', 'src/outcome.ts', 'src/version.ts']) {
    cpSync(join(ROOT, path), join(scratch, path), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(scratch, 'node_modules'))
})

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true })
})

const place = (name: string) => join(scratch, 'src/protocol', name)

function print(...flags: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [place('print.ts'), ...flags])
  return { status, stderr: stderr.toString() }
}

describe('npm run docs', () => {
  it('says nothing with --check while the files are as they would be printed', () => {
    expect(print('--check')).toEqual({ status: 0, stderr: '' })
  })

  it('names what is stale with --check, and leaves it as it is', () => {
    appendFileSync(place('README.md'), 'by hand')
    rmSync(place('schema.json'))
    expect(print('--check')).toEqual({
      status: 1,
      stderr: 'Not as printed from the registry: README.md, schema.json. Run npm run docs.\n',
    })
    expect(readFileSync(place('README.md'), 'utf8')).toMatch(/by hand$/)
  })

  it('prints what was stale, and keeps what people decided', () => {
    appendFileSync(
      place('decisions.md'),
      '\n**2026-12-24 · No messages today.** It is a holiday.\n'
    )
    expect(print().status).toBe(0)
    expect(readFileSync(place('README.md'), 'utf8')).toMatch(/It is a holiday\.\n$/)
    expect(print('--check').status).toBe(0)
  })
})
