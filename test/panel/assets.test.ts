// The files of the page: as they would be printed, and small.

import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PANEL } from '../../src/panel/assets.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Bytes of the first load, compressed: the page and every file that it names (issue: under 50 KB). */
const BUDGET = 50_000

let scratch = ''

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'panel-'))
  for (const path of ['package.json', 'tsconfig.json', 'src']) {
    cpSync(join(ROOT, path), join(scratch, path), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(scratch, 'node_modules'))
})

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function print(...flags: string[]) {
  const program = join(scratch, 'src/panel/print.ts')
  const { status, stderr } = spawnSync(process.execPath, [program, ...flags])
  return { status, stderr: stderr.toString() }
}

describe('npm run panel', () => {
  it('says with --check when the page is not as its sources would make it', () => {
    expect(print('--check')).toEqual({ status: 0, stderr: '' })
    appendFileSync(join(scratch, 'src/panel/client/style.css'), '\nbody { color: red }\n')
    expect(print('--check')).toEqual({
      status: 1,
      stderr: 'src/panel/assets.ts is not as printed from client. Run npm run panel.\n',
    })
    expect(print().status).toBe(0)
    expect(print('--check').status).toBe(0)
  })
})

describe('the first load', () => {
  it('is within its budget', () => {
    const texts = [PANEL.page, ...PANEL.files.map(({ text }) => text)]
    const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0)
    expect(bytes).toBeLessThan(BUDGET)
  })

  it('has names that change with the content', () => {
    for (const { name } of PANEL.files) expect(name).toMatch(/^[a-z]+-[0-9a-f]{12}\.(js|css|svg)$/)
  })

  it('brings no library of validation along', () => {
    expect(PANEL.files.map(({ text }) => text).join('')).not.toMatch(/ZodError|zod/i)
  })

  it('makes no markup out of text, and names no other site', () => {
    const [script] = PANEL.files.filter(({ name }) => name.endsWith('.js'))
    expect(script?.text).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/
    )
    expect(script?.text.match(/https?:\/\/[^"'`\s]+/g)).toEqual(['http://www.w3.org/2000/svg'])
  })
})
