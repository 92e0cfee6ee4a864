// Puts the package together in a folder: JavaScript and types of the bridge and of what it imports, nothing of the Worker.

import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { BIN, manifest, type Repository } from './manifest.ts'
import { packageReadme } from './readme.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What the README refers to. */
const PAGES = ['operate', 'package', 'replica'].map((name) => `local-bridge/${name}/README.md`)

const EXECUTABLE = 0o755

/** Fills the folder anew. Throws if the types do not fit or a package is imported that is not declared. */
export function stage(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json')
  const project = join(import.meta.dirname, 'tsconfig.json')
  execFileSync(
    process.execPath,
    [join(compiler, '../bin/tsc'), '-p', project, '--outDir', folder],
    { stdio: 'inherit' }
  )
  const repository: Repository = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const text = JSON.stringify(manifest(importsIn(folder), repository), null, 2)
  writeFileSync(join(folder, 'package.json'), `${text}\n`)
  const readme = readFileSync(join(ROOT, 'local-bridge/README.md'), 'utf8')
  writeFileSync(join(folder, 'README.md'), packageReadme(readme))
  for (const page of PAGES) copyFileSync(join(ROOT, page), join(folder, page))
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  chmodSync(join(folder, BIN), EXECUTABLE)
}

/** What the files of the folder import. */
function importsIn(folder: string): Set<string> {
  const files = globSync('**/*.js', { cwd: folder })
  return new Set(files.flatMap((file) => importsOf(readFileSync(join(folder, file), 'utf8'))))
}

/** The compiler writes imports in one form only. */
function importsOf(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export) (?:[\s\S]*? from )?'([^'\n]+)';$/gm)
  return [...statements].map(([, name = '']) => name)
}
