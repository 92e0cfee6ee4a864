// Prints assets.ts beside this file: the page and its files, built from client/, as the Worker serves them from memory.
// A program for people who change the panel (npm run panel); with --check it only tells whether it is current.

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { pageText } from './page.ts'

const PRINTED = place('assets.ts')

const text = await printed()
if (!process.argv.includes('--check')) writeFileSync(PRINTED, text)
else if (kept() !== text) {
  process.stderr.write('src/panel/assets.ts is not as printed from client. Run npm run panel.\n')
  process.exitCode = 1
}

async function printed(): Promise<string> {
  const script = named('panel', 'js', 'text/javascript; charset=utf-8', await bundled('main.ts'))
  const style = named('panel', 'css', 'text/css; charset=utf-8', await bundled('style.css'))
  const icon = named('icon', 'svg', 'image/svg+xml', readFileSync(place('client/icon.svg'), 'utf8'))
  const page = pageText({ script: script.name, style: style.name, icon: icon.name })
  const panel = JSON.stringify({ page, files: [script, style, icon] }, null, 2)
  return `// Printed by npm run panel from client/: change that, not this file.

/** The page, and its files, whose names change with their content. */
export const PANEL: {
  readonly page: string
  readonly files: readonly { readonly name: string; readonly type: string; readonly text: string }[]
} = ${panel}
`
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [place(`client/${entry}`)],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2024', 'chrome120', 'firefox121', 'safari17'],
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

function named(stem: string, extension: string, type: string, content: string) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)
  return { name: `${stem}-${hash}.${extension}`, type, text: content }
}

function kept(): string | undefined {
  try {
    return readFileSync(PRINTED, 'utf8')
  } catch {
    return undefined
  }
}

function place(name: string): string {
  return join(import.meta.dirname, name)
}
