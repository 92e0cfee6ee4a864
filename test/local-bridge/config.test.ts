import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../local-bridge/config.ts'

const read = (args: string[], env: Record<string, string> = {}, isTerminal = false) =>
  readConfig({ args, env, isTerminal })

const defaults = {
  listen: 'tcp://127.0.0.1:5555',
  upstream: 'http://127.0.0.1:8787',
  log: { level: 'info', format: 'json' },
}

describe('how the bridge is called', () => {
  it('needs no options', () => {
    expect(read([])).toEqual({ kind: 'run', values: defaults })
  })

  it('logs readable lines on a terminal', () => {
    expect(read([], {}, true)).toMatchObject({ values: { log: { format: 'pretty' } } })
    expect(read(['--log-format', 'json'], {}, true)).toMatchObject({
      values: { log: { format: 'json' } },
    })
  })

  it('takes flags before the environment and the environment before defaults', () => {
    const env = {
      STUI_LISTEN: 'tcp://127.0.0.1:1',
      STUI_UPSTREAM: 'https://sessions.example',
      STUI_LOG_LEVEL: 'warn',
      STUI_LOG_FORMAT: '',
    }
    expect(read(['--listen', 'tcp://127.0.0.1:2', '--log-level=debug'], env)).toEqual({
      kind: 'run',
      values: {
        listen: 'tcp://127.0.0.1:2',
        upstream: 'https://sessions.example',
        log: { level: 'debug', format: 'json' },
      },
    })
  })

  it.each([
    [['--listen', 'tcp://0.0.0.0:1'], {}, '--listen must be a loopback address'],
    [['--listen', 'nowhere'], {}, '--listen must look like tcp://127.0.0.1:5555, not "nowhere"'],
    [[], { STUI_LISTEN: 'nowhere' }, 'STUI_LISTEN must look like'],
    [['--upstream', 'ftp://x'], {}, '--upstream must be an http or https address'],
    [['--upstream', 'http://user:secret@x'], {}, '--upstream must be an http or https address'],
    [['--log-level', 'loud'], {}, '--log-level must be debug, info, warn, error or silent'],
    [[], { STUI_LOG_FORMAT: 'xml' }, 'STUI_LOG_FORMAT must be json or pretty, not "xml"'],
    [['--lisen', 'x'], {}, "unknown option '--lisen'; --help shows the options"],
    [['--listen'], {}, "option '--listen <endpoint>' argument missing; --help shows"],
    [['surplus'], {}, 'too many arguments'],
  ])('is refused in one sentence for %j %j', (args, env, beginning) => {
    const invocation = read(args, env)
    const sentence = invocation.kind === 'refuse' ? invocation.sentence : ''
    expect(sentence).toContain(`stui-bridge: ${beginning}`)
    expect(sentence).toMatch(/^[^\n]+[^.\n]\.$/)
  })

  it('does not repeat a password that stands in an address', () => {
    expect(JSON.stringify(read(['--upstream', 'http://user:secret@x']))).not.toContain('secret')
  })

  it('prints its version', () => {
    expect(read(['--version'])).toMatchObject({ kind: 'print', text: expect.stringMatching(/^\d/) })
  })
})

describe('whose the bridge is', () => {
  const issuer = 'https://api.example'

  it('is said by a token and the API that vouches for it', () => {
    const args = ['--api-issuer', issuer, '--upstream', 'https://sessions.example']
    const api = { issuer, audience: 'stui-sessions' }
    const tokenOf = (more: string[], env: Record<string, string>) => {
      const reading = read([...args, ...more], env)
      return reading.kind === 'run' ? reading.values.access : reading
    }
    const env = { STUI_TOKEN: 'abc' }
    expect(tokenOf([], env)).toEqual({ ...api, token: { from: 'environment', token: 'abc' } })
    expect(tokenOf(['--token-file', 'f'], env)).toEqual({
      ...api,
      token: { from: 'file', path: 'f' },
    })
    expect(tokenOf(['--ask-token', '--token-file', 'f'], env)).toEqual({
      ...api,
      token: { from: 'prompt' },
    })
    const introspectionUrl = 'https://api.example/ask'
    const set = { STUI_TOKEN_FILE: 'f', STUI_API_INTROSPECTION_URL: introspectionUrl }
    expect(tokenOf(['--api-audience', 'us'], set)).toEqual({
      ...{ issuer, audience: 'us', introspectionUrl },
      token: { from: 'file', path: 'f' },
    })
  })

  it.each([
    [['--token', 'x'], {}, 'a token is never taken from the command line'],
    [['--token-file', 'f'], {}, 'a token needs --api-issuer'],
    [[], { STUI_TOKEN: 'x' }, 'a token needs --api-issuer'],
    [[], { STUI_API_ISSUER: issuer }, '--api-issuer needs a token'],
    [['--api-issuer', 'http://api.example'], {}, '--api-issuer must be an https address'],
    [['--api-issuer', 'api.example'], {}, '--api-issuer must be an https address'],
    [
      ['--api-issuer', issuer, '--introspection-url', 'http://10.0.0.1/'],
      {},
      '--introspection-url must be an https address',
    ],
    [
      ['--api-issuer', issuer, '--token-file', 'f', '--upstream', 'http://sessions.example'],
      {},
      '--upstream must be an https address (or http on this machine), as it gets the token',
    ],
  ])('is refused in one sentence for %j %j', (args, env, beginning) => {
    const reading = read(args, env)
    expect(reading).toMatchObject({ kind: 'refuse' })
    const sentence = reading.kind === 'refuse' ? reading.sentence : ''
    expect(sentence).toContain(`stui-bridge: ${beginning}`)
    expect(sentence).toMatch(/^[^\n]+[^.\n]\.$/)
  })
})

describe('an address beyond loopback', () => {
  it.each(['tcp://0.0.0.0:5555', 'tcp://*:5555', 'tcp://[::]:5555', 'tcp://10.0.0.1:5555'])(
    '%s needs a folder of keys',
    (listen) => {
      expect(read(['--listen', listen])).toMatchObject({
        kind: 'refuse',
        sentence: expect.stringContaining('--curve-keys'),
      })
      expect(read(['--listen', listen, '--curve-keys', 'keys'])).toMatchObject({
        values: { listen, curveKeys: 'keys' },
      })
    }
  )
})

describe('the documentation of the bridge', () => {
  it('has a row for each option that --help shows, with its environment variable and default', () => {
    const help = read(['--help'])
    const text = help.kind === 'print' ? help.text.replace(/\s+/g, ' ') : ''
    const readme = readFileSync(join(import.meta.dirname, '../../local-bridge/README.md'), 'utf8')
    const options = [...text.matchAll(/(--[a-z-]+) <[^>]+> [^(]+\((STUI_\w+); default: ([^)]+)\)/g)]
    expect(options).toHaveLength(9)
    expect(readme).toContain('| `--ask-token` | – | no |')
    for (const [, flag, env, standard] of options) {
      expect(readme).toContain(`| \`${flag}\` | \`${env}\` | ${standard} |`)
    }
    expect(readme).toContain(text.slice(text.indexOf('node local-bridge')).trim())
  })
})
