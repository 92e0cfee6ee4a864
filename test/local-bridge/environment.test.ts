import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../local-bridge/command-line.ts'
import { readConfig } from '../../local-bridge/config.ts'
import { readKeysTask } from '../../local-bridge/keys-config.ts'
import { readWhoami } from '../../local-bridge/whoami.ts'

const README = readFileSync(join(import.meta.dirname, '../../local-bridge/README.md'), 'utf8')

const env = {}

/** The variables that the --help of each command names. */
const NAMED = {
  run: namedIn(readConfig({ args: ['--help'], env, isTerminal: false })),
  whoami: namedIn(readWhoami({ args: ['--help'], env })),
  keys: namedIn(readKeysTask({ args: ['list', '--help'], env })),
}

function namedIn(help: Reading<unknown>): Set<string> {
  const text = help.kind === 'print' ? help.text : ''
  return new Set([...text.matchAll(/\bSTUI_[A-Z_]+\b/g)].map(([name]) => name))
}

describe('the environment of the bridge', () => {
  it('is told in the README: each variable that --help names, with the commands that take it, and no other', () => {
    const [, section = ''] = README.split('\n## Environment and files\n')
    const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `(STUI_\w+)` \| ([^|]+) \|/gm)]
    const told = Object.fromEntries(rows.map(([, name, commands]) => [name, commands]))
    const names = new Set(Object.values(NAMED).flatMap((named) => [...named]))
    const taken = [...names].map((name) => {
      const commands = Object.entries(NAMED).filter(([, named]) => named.has(name))
      return [name, commands.map(([command]) => command).join(', ')]
    })
    expect(names).toContain('STUI_TOKEN')
    expect(told).toEqual(Object.fromEntries(taken))
  })
})
