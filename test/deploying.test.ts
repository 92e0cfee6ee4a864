// DEPLOYING.md says what the code does.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WORKER_SETTINGS } from '../local-bridge/stack/self-host-config.ts'
import type { Settings } from '../src/env.ts'
import { readiness } from '../src/http/readiness.ts'
import { COMMANDS } from '../src/protocol/commands/index.ts'
import { DEFAULT_LIMITS } from '../src/session/limits.ts'

const file = (name: string) => readFileSync(join(import.meta.dirname, '..', name), 'utf8')

const page = file('DEPLOYING.md')

/** The part of a page below a heading, without the next one. */
function section(heading: string): string {
  const [, rest = ''] = page.split(`## ${heading}\n`)
  return rest.split('\n## ')[0] ?? ''
}

/** A Worker with tokens, and with nothing that may be left out. */
const LEAST: Settings = {
  auth: { mode: 'jwt', issuer: 'https://stui.test', audience: 'stui-sessions' },
  secrets: [new Uint8Array(32)],
  encryptionKeys: [],
  limits: DEFAULT_LIMITS,
}

describe('DEPLOYING.md', () => {
  it('lists every setting of the Worker, and none that there is not', () => {
    const listed = section('Settings')
      .match(/^\| .*/gm)
      ?.flatMap((row) => row.match(/STUI_\w+/g) ?? [])
    expect(new Set(listed)).toEqual(new Set<string>(WORKER_SETTINGS))
  })

  it('shows the limits as they are', () => {
    const { activeSessions, defaultTimeoutS, retentionMs, sessionBytes } = DEFAULT_LIMITS
    const { clientBytes, creations, commands } = DEFAULT_LIMITS
    const rows = section('Settings')
    for (const [name, value] of [
      ['`STUI_MAX_SESSIONS_PER_CLIENT`', activeSessions],
      ['`STUI_DEFAULT_TIMEOUT_S`', defaultTimeoutS],
      ['`STUI_RETENTION_DAYS`', retentionMs / 86_400_000],
      ['`STUI_SESSION_BYTES`', sessionBytes],
      ['`STUI_CLIENT_BYTES`', clientBytes],
      [
        '`STUI_CREATIONS_PER_MINUTE`, `STUI_CREATION_BURST`',
        `${creations.perMinute}, ${creations.burst}`,
      ],
      [
        '`STUI_COMMANDS_PER_MINUTE`, `STUI_COMMAND_BURST`',
        `${commands.perMinute}, ${commands.burst}`,
      ],
    ]) {
      expect(rows).toContain(`| ${name} | ${value} |`)
    }
  })

  it('requires in production what a Worker that lacks it warns of, and is made to be looked at', () => {
    const { warnings = [] } = readiness(LEAST)
    const named = warnings.flatMap((sentence) => sentence.match(/STUI_\w+/g) ?? [])
    expect(named).toEqual(['STUI_ENCRYPTION_KEYS'])
    for (const name of named) {
      expect(section('Settings')).toContain(`| \`${name}\` | required in production, secret |`)
    }
    const encryptionKeys = [{ id: 'k1', key: new Uint8Array(32) }]
    expect(readiness({ ...LEAST, encryptionKeys }).warnings).toBeUndefined()
    expect(section('On Cloudflare')).toMatch(/readyz .*no warnings/)
  })

  it('leads to commands that there are for what somebody wants to keep elsewhere', () => {
    const commands = [...section('Backup and restore').matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)]
    const named = commands.map(([, name = '']) => name)
    expect(named).toContain('export_session')
    expect(COMMANDS.map(({ name }): string => name)).toEqual(expect.arrayContaining(named))
  })

  it('tells of every event that the Worker logs', () => {
    const events = [...file('src/log.ts').matchAll(/event: '(\w+)'/g)].map(([, name]) => name)
    expect(events.length).toBeGreaterThan(4)
    for (const event of events) expect(section('What to watch')).toContain(`\`${event}\``)
  })

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(file('package.json')) as { scripts: Record<string, string> }
    const named = [...page.matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name)
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })

  it('leads to pages that there are', () => {
    const links = [...page.matchAll(/\]\(([\w./-]+)\)/g)].map(([, path = '']) => path)
    expect(links.length).toBeGreaterThan(2)
    for (const link of links) expect(file(link)).not.toBe('')
  })

  it('adds up', () => {
    const rows = [
      ...section('What a thousand sessions cost on Cloudflare').matchAll(/\| (\d+\.\d\d) \|$/gm),
    ]
    const costs = rows.map(([, cost]) => Number(cost))
    const together = costs.pop()
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(together ?? 0, 1)
  })
})
