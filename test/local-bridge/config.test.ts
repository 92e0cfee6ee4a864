import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../local-bridge/commands.ts'
import { readConfig } from '../../local-bridge/config.ts'

const read = (args: string[], env: Record<string, string> = {}, isTerminal = false) =>
  readConfig({ args, env, isTerminal })

const defaults = {
  listen: 'tcp://127.0.0.1:5555',
  upstream: 'http://127.0.0.1:8787',
  expired: 'revive',
  log: { level: 'info', format: 'json' },
  events: { endpoint: 'tcp://127.0.0.1:5556', orAnother: true },
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
        expired: 'revive',
        events: { endpoint: 'tcp://127.0.0.1:3', orAnother: true },
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
    [['--expired', 'delete'], {}, '--expired must be revive or refuse, not "delete"'],
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

describe('the images of a bridge', () => {
  it('are named one by one, or all in the environment; the first one is the default', () => {
    const images = [
      { name: 'main', address: 'tcp://127.0.0.1:5560' },
      { name: 'Pharo 12', address: 'tcp://lab.example:5561' },
    ]
    const [one, two] = images.map(({ name, address }) => `${name}=${address}`)
    expect(read(['--image', `${one}`, '--image', `${two}`])).toMatchObject({ values: { images } })
    expect(read([], { STUI_IMAGES: `${one}, ${two}` })).toMatchObject({ values: { images } })
    const flagsFirst = read(['--image', `${two}`], { STUI_IMAGES: `${one}` })
    expect(flagsFirst).toMatchObject({ values: { images: [images[1]] } })
  })

  it('may be joined by those that messages name, as far as is said', () => {
    for (const rule of ['none', 'loopback', 'any']) {
      const values = { allowImageAddresses: rule }
      expect(read(['--allow-image-addresses', rule])).toMatchObject({ values })
    }
  })

  it.each([
    [['--image', 'main'], 'must look like main=tcp://127.0.0.1:5560, not "main"'],
    [['--image', 'main=nowhere'], 'must look like main=tcp://127.0.0.1:5560, not "main=nowhere"'],
    [['--image', '=tcp://127.0.0.1:1'], 'must look like'],
    [['--image', 'a=tcp://127.0.0.1:1', '--image', 'a=tcp://127.0.0.1:2'], 'must not name two'],
    [['--image', 'a=tcp://localhost:5555'], 'must not be where the bridge itself listens, as a is'],
    [['--allow-image-addresses', 'all'], 'must be none, loopback or any, not "all"'],
  ])('are refused in one sentence for %j', (args, sentence) => {
    expect(read(args)).toMatchObject({
      kind: 'refuse',
      sentence: expect.stringContaining(`${args[0]} ${sentence}`),
    })
  })

  it('are at most 64', () => {
    const named = (count: number) =>
      Array.from({ length: count }, (_, nth) => ['--image', `i${nth}=tcp://127.0.0.1:1`]).flat()
    expect(read(named(64))).toMatchObject({ kind: 'run' })
    expect(read(named(65))).toMatchObject({ sentence: expect.stringContaining('at most 64') })
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

describe('where live events are published', () => {
  const eventsOf = (args: string[], env: Record<string, string> = {}) => {
    const reading = read(args, env)
    return reading.kind === 'run' ? reading.values.events : reading
  }

  it.each([
    [[], {}, { endpoint: 'tcp://127.0.0.1:5556', orAnother: true }],
    [['--listen', 'tcp://127.0.0.1:*'], {}, { endpoint: 'tcp://127.0.0.1:*', orAnother: true }],
    [['--listen', 'tcp://[::1]:6555'], {}, { endpoint: 'tcp://[::1]:6556', orAnother: true }],
    [['--events', 'tcp://127.0.0.1:7000'], {}, { endpoint: 'tcp://127.0.0.1:7000' }],
    [[], { STUI_EVENTS: 'tcp://127.0.0.1:7000' }, { endpoint: 'tcp://127.0.0.1:7000' }],
    [['--no-events'], { STUI_EVENTS: 'tcp://127.0.0.1:7000' }, undefined],
    [['--events', 'none'], {}, undefined],
    [[], { STUI_EVENTS: 'none' }, undefined],
  ])('is said by %j %j', (args, env, events) => {
    expect(eventsOf(args, env)).toEqual(events)
  })

  it.each([
    [['--events', '5556'], 'must look like'],
    [['--events', 'tcp://0.0.0.0:5556'], 'would not be encrypted; --curve-keys encrypts them'],
    [['--events', 'tcp://127.0.0.1:5555'], 'must not be where clients connect'],
    [['--image', 'main=tcp://127.0.0.1:5556'], 'must not be where the image main is'],
  ])('is refused in one sentence for %j', (args, sentence) => {
    expect(eventsOf(args)).toMatchObject({
      kind: 'refuse',
      sentence: expect.stringMatching(/^stui-bridge: --events [^\n]+\.$/),
    })
    expect(eventsOf(args)).toMatchObject({ sentence: expect.stringContaining(sentence) })
  })
})

describe('the documentation of the bridge', () => {
  it('has a row for each option that --help shows, with its environment variable and default', () => {
    const help = read(['--help'])
    const text = help.kind === 'print' ? help.text.replace(/\s+/g, ' ') : ''
    const readme = readFileSync(join(import.meta.dirname, '../../local-bridge/README.md'), 'utf8')
    const options = [...text.matchAll(/(--[a-z-]+) <[^>]+> [^(]+\((STUI_\w+); default: ([^)]+)\)/g)]
    expect(options).toHaveLength(21)
    expect(readme).toContain('| `--ask-token` | – | no |')
    for (const [, flag, env, standard] of options) {
      expect(readme).toContain(`| \`${flag}\` | \`${env}\` | ${standard} |`)
    }
    const example = /Examples: (stui-bridge .*?) stui-bridge run /.exec(text)?.[1]
    expect(readme).toContain(`\n${example}\n`)
    for (const [name, meaning] of Object.entries(COMMANDS)) {
      expect(text).toContain(`${name} ${meaning}`)
      expect(readme).toContain(`| \`${name}\` | ${meaning} |`)
    }
  })
})
