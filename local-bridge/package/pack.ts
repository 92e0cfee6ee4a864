// Packs the bridge to be installed elsewhere: npm run pack:bridge, or node local-bridge/package/pack.ts <folder>.

import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stage } from './stage.ts'

const [folder = 'dist'] = process.argv.slice(2)

const staged = join(resolve(folder), 'stui-bridge')
mkdirSync(staged, { recursive: true })
stage(staged)
const packed = execFileSync(
  'npm',
  ['pack', '--ignore-scripts', '--silent', '--pack-destination', resolve(folder)],
  // Windows starts npm through a shell.
  { cwd: staged, encoding: 'utf8', shell: process.platform === 'win32' }
)
process.stdout.write(`${join(folder, packed.trim())}\n`)
