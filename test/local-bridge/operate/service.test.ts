import { execFileSync, spawnSync } from 'node:child_process'
import { realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { launchdPlist } from '../../../local-bridge/operate/service/launchd-plist.ts'
import { systemdUnit } from '../../../local-bridge/operate/service/systemd-unit.ts'
import { runProgram } from '../../support/bridge-program.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

const MAIN = realpathSync(join(import.meta.dirname, '../../../local-bridge/main.ts'))

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

/** What systemd has to say of a unit; nothing if all is well. */
function verified(unit: string): string {
  const file = join(temporaryFolder(), 'stui-bridge.service')
  writeFileSync(file, unit)
  return execFileSync('systemd-analyze', ['verify', '--user', file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_RUNTIME_DIR: temporaryFolder() },
  })
}

describe('stui-bridge service systemd', () => {
  it('prints a unit that starts this program with the same flags and absolute paths', async () => {
    const folder = realpathSync(temporaryFolder())
    const flags = ['--data', 'kept', '--no-events', '--log-level', 'warn']
    const images = ['--image', 'main=tcp://127.0.0.1:5560', '--image', 'lab=tcp://127.0.0.1:5561']
    const args = ['service', 'systemd', ...flags, ...images]
    const { code, out } = await runProgram(args, { cwd: folder, env: { STUI_LISTEN: '' } })
    expect(code).toBe(0)
    const [, command] = /^ExecStart=(.*)$/m.exec(out) ?? []
    expect(command).toBe(
      [
        ...[process.execPath, MAIN, 'run', '--events', 'none'],
        ...['--image', 'main=tcp://127.0.0.1:5560,lab=tcp://127.0.0.1:5561'],
        ...['--data', `${folder}/kept`, '--log-level', 'warn'],
      ].join(' ')
    )
    expect(out).toMatch(/^Restart=on-failure$/m)
    expect(out).toMatch(/^RestartPreventExitStatus=2$/m)
    expect(out).toMatch(/^Environment=MALLOC_ARENA_MAX=1$/m)
  })

  it('leaves secrets of the environment out of the unit', async () => {
    const env = { STUI_TOKEN: 'SECRET', STUI_API_ISSUER: 'https://api.example' }
    const { code, out } = await runProgram(
      ['service', 'systemd', '--upstream', 'https://sessions.example'],
      { env }
    )
    expect({ code, hasSecret: out.includes('SECRET') }).toEqual({ code: 0, hasSecret: false })
  })

  it('quotes what means something to systemd', () => {
    const unit = systemdUnit(['/bin/node', '/a b/main.js', '100%', '$HOME', 'say "x"', 'back\\'])
    expect(unit).toContain(
      'ExecStart=/bin/node "/a b/main.js" 100%% "$$HOME" "say \\"x\\"" "back\\\\"\n'
    )
  })

  it.runIf(hasSystemd)('is understood by systemd, whatever the words are', async () => {
    const { out } = await runProgram(['service', 'systemd'])
    expect(verified(out)).toBe('')
    expect(verified(systemdUnit([process.execPath, '/a b/main.js', '100%', '$HOME', '"']))).toBe('')
  })
})

describe('stui-bridge service launchd', () => {
  it('prints an agent that is started again when it fails, with a log that it turns over', async () => {
    const env = { HOME: '/Users/me' }
    const { code, out } = await runProgram(['service', 'launchd'], { env })
    expect(code).toBe(0)
    const words = [...out.matchAll(/^ {4}<string>(.*)<\/string>$/gm)].map(([, word]) => word)
    expect(words).toEqual([
      ...[process.execPath, MAIN, 'run'],
      ...['--log-file', '/Users/me/Library/Logs/stui-bridge.log'],
    ])
    expect(out).toMatch(/<key>SuccessfulExit<\/key>\s*<false\/>/)
  })

  it('writes XML, whatever the words are, and keeps a log file that is named', () => {
    const plist = launchdPlist(['a&b', '<c>', '--log-file', '/tmp/x'], '/Users/me')
    expect(plist).toContain('<string>a&amp;b</string>')
    expect(plist).toContain('<string>&lt;c&gt;</string>')
    expect(plist.match(/--log-file/g)).toHaveLength(1)
  })
})

describe('a service', () => {
  it.each([
    [[], 'say for whom: systemd or launchd'],
    [['windows'], 'say for whom: systemd or launchd'],
    [['systemd', '--upstream', 'ftp://x'], '--upstream must be an http or https address'],
    [
      [
        'systemd',
        '--ask-token',
        '--api-issuer',
        'https://a.example',
        '--upstream',
        'https://s.example',
      ],
      'a unit has no terminal to ask for the token on',
    ],
  ])('is refused with exit code 2 for %j', async (args, sentence) => {
    const { code, out, err } = await runProgram(['service', ...args])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(sentence)
  })
})
