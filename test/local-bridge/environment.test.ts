import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../local-bridge/command-line.ts'
import { RUN, readConfig } from '../../local-bridge/config.ts'
import { readKeysTask } from '../../local-bridge/keys-config.ts'
import { readDoctor } from '../../local-bridge/operate/doctor/doctor-config.ts'
import { readJournalTask } from '../../local-bridge/operate/journal/journal-config.ts'
import { readStatus } from '../../local-bridge/operate/status.ts'
import { VARIABLES } from '../../local-bridge/operate/variables.ts'
import { readSessions } from '../../local-bridge/sessions/sessions-config.ts'
import { readWhoami } from '../../local-bridge/whoami.ts'

const README = readFileSync(join(import.meta.dirname, '../../local-bridge/README.md'), 'utf8')

const env = {}

/** The variables that the --help of each command names. */
const OF_RUN = namedIn(readConfig({ args: ['--help'], env, isTerminal: false }))
const NAMED = {
  run: OF_RUN,
  status: namedIn(readStatus({ args: ['--help'], env })),
  journal: namedIn(readJournalTask({ args: ['drop', '--help'], env })),
  whoami: namedIn(readWhoami({ args: ['--help'], env })),
  sessions: namedIn(readSessions({ args: ['--help'], env })),
  keys: namedIn(readKeysTask({ args: ['list', '--help'], env })),
  // It takes what run takes, which is said once.
  doctor: namedIn(readDoctor({ args: ['--help'], env, isTerminal: false })).difference(OF_RUN),
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

  it('is what a settings file may say', () => {
    expect(VARIABLES).toEqual(new Set(Object.values(NAMED).flatMap((named) => [...named])))
    expect(RUN.settings.every(({ env }) => env === undefined || VARIABLES.has(env))).toBe(true)
  })
})
