import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Shown } from '../../../local-bridge/operate/show-config.ts'
import { runProgram } from '../../support/bridge-program.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

/** A settings file. */
function settings(text: string, mode = 0o600): string {
  const path = join(temporaryFolder(), 'bridge.env')
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

async function shown(args: string[], env: Record<string, string> = {}) {
  const { out } = await runProgram(['config', '--json', ...args], { env })
  const rows: Shown[] = JSON.parse(out)
  return Object.fromEntries(rows.map(({ setting, value, from }) => [setting, [value, from]]))
}

describe('stui-bridge config', () => {
  it('shows each setting and who says it: flag before environment before file before default', async () => {
    const file = settings(
      'STUI_LISTEN=tcp://127.0.0.1:1\nSTUI_UPSTREAM=http://127.0.0.1:2\n# a comment\nSTUI_LOG_LEVEL="warn"\n'
    )
    const env = { STUI_LISTEN: 'tcp://127.0.0.1:3', STUI_LOG_FORMAT: '', HOME: '/home/me' }
    const rows = await shown(['--settings', file, '--log-level', 'debug'], env)
    expect(rows).toMatchObject({
      '--listen': ['tcp://127.0.0.1:3', 'STUI_LISTEN'],
      '--upstream': ['http://127.0.0.1:2', 'settings file (STUI_UPSTREAM)'],
      '--log-level': ['debug', 'flag'],
      '--log-format': ['json', 'default'],
      '--settings': [file, 'flag'],
      STUI_TOKEN: ['none', 'default'],
    })
    expect(rows['--data']?.[0]).toMatch(/^\/home\/me\/.*stui-bridge$/)
  })

  it('shows no token, nor what may be one', async () => {
    const env = { STUI_TOKEN: 'SECRET', STUI_API_ISSUER: 'https://api.example' }
    const upstream = ['--upstream', 'https://sessions.example']
    const { out } = await runProgram(['config', ...upstream], { env })
    expect(out).toMatch(/^STUI_TOKEN +given, not shown +STUI_TOKEN$/m)
    const misplaced = await runProgram(['config', ...upstream, '--token-file', 'SECRET'], { env })
    expect(misplaced.out).toMatch(/^--token-file +not shown: no file has this name +flag$/m)
    expect(`${out}${misplaced.out}`).not.toContain('SECRET')
  })

  it('refuses what run refuses', async () => {
    expect(await runProgram(['config', '--upstream', 'ftp://x'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^stui-bridge config: --upstream must be an http or https /),
    })
  })

  it('prints a settings file that can be used as it is, line by line', async () => {
    const { code, out } = await runProgram(['config', '--example'])
    expect(code).toBe(0)
    expect(parseEnv(out)).toEqual({})
    const file = settings(
      out.replaceAll(/^#(STUI_\w+=(?!$).*)$/gm, '$1').replaceAll(/=none$/gm, '=')
    )
    const rows = await shown(['--settings', file], { HOME: '/home/me' })
    expect(rows['--upstream']).toEqual(['http://127.0.0.1:8787', 'settings file (STUI_UPSTREAM)'])
  })
})

describe('a settings file', () => {
  it.each([
    ['STUI_LISTN=x', 0o600, /the settings file says STUI_LISTN, which is no setting/],
    ['eyJhbGciOi=x', 0o600, /the settings file says something, which is no setting/],
    ['STUI_TOKEN=abc', 0o644, /the settings file holds a token and can be read .* by others/],
    ['STUI_UPSTREAM=ftp://x', 0o600, /STUI_UPSTREAM must be an http or https address/],
  ])('is refused in one sentence for %j', async (text, mode, sentence) => {
    const { code, err } = await runProgram(['run', `--settings=${settings(text, mode)}`])
    expect(code).toBe(2)
    expect(err).toMatch(/^stui-bridge: [^\n]+\.\n$/)
    expect(err).toMatch(sentence)
    expect(err).not.toMatch(/eyJ|abc/)
  })

  it('may be named by a variable, and must be there', async () => {
    const env = { STUI_SETTINGS: settings('STUI_LISTEN=tcp://127.0.0.1:9') }
    expect((await shown([], env))['--listen']).toEqual([
      'tcp://127.0.0.1:9',
      'settings file (STUI_LISTEN)',
    ])
    const gone = await runProgram(['config'], { env: { STUI_SETTINGS: '/nowhere/file' } })
    expect(gone.err).toBe('stui-bridge: the settings file cannot be read (ENOENT).\n')
  })
})
