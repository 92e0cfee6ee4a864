import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readStackConfig } from '../../local-bridge/stack/config.ts'

const read = (args: string[], env: Record<string, string> = {}) => readStackConfig({ args, env })

describe('how the local stack is called', () => {
  it('needs no options', () => {
    expect(read([])).toEqual({
      kind: 'run',
      values: {
        listen: 'tcp://127.0.0.1:5555',
        port: 8787,
        data: resolve('.stui'),
        logLevel: 'warn',
        settings: {},
        events: { endpoint: 'tcp://127.0.0.1:5556', orAnother: true },
      },
    })
  })

  const twins = [
    ['--listen', 'STUI_LISTEN', 'tcp://127.0.0.1:6555', { listen: 'tcp://127.0.0.1:6555' }],
    ['--events', 'STUI_EVENTS', 'tcp://127.0.0.1:*', { events: { endpoint: 'tcp://127.0.0.1:*' } }],
    [
      ...['--image', 'STUI_IMAGES', 'main=tcp://127.0.0.1:5560'],
      { images: [{ name: 'main', address: 'tcp://127.0.0.1:5560' }] },
    ],
    [
      ...['--allow-image-addresses', 'STUI_ALLOW_IMAGE_ADDRESSES', 'none'],
      { allowImageAddresses: 'none' },
    ],
    ['--port', 'STUI_PORT', '8788', { port: 8788 }],
    ['--data', 'STUI_DATA', '/somewhere/else', { data: '/somewhere/else' }],
    ['--auth --api-port', 'STUI_API_PORT', '8790', { auth: { apiPort: 8790 } }],
    ['--auth --user', 'STUI_USER', 'enzo', { auth: { user: 'enzo' } }],
    ['--log-level', 'STUI_LOG_LEVEL', 'info', { logLevel: 'info' }],
  ] as const

  it.each(twins)('takes %s and %s for the same setting', (flag, name, text, values) => {
    const flags = flag.split(' ')
    expect(read([...flags, text])).toMatchObject({ values })
    expect(read(flags.slice(0, -1), { [name]: text })).toMatchObject({ values })
  })

  it.each(twins)('lets %s win over %s', (flag, name, text, values) => {
    expect(read([...flag.split(' '), text], { [name]: 'nonsense' })).toMatchObject({ values })
  })

  it.each([
    [[], undefined],
    [['--auth'], { mode: 'jwt', apiPort: 8789, user: 'priya' }],
    [['--auth', 'introspection'], { mode: 'introspection', apiPort: 8789, user: 'priya' }],
    [['--auth', 'off', '--user', 'enzo'], undefined],
    [['--auth', '--user', 'enzo'], { mode: 'jwt', apiPort: 8789, user: 'enzo' }],
  ])('asks for tokens as %j says, and only then', (args, auth) => {
    const reading = read(args, { STUI_AUTH: 'jwt' })
    expect(reading.kind === 'run' ? reading.values.auth : reading).toEqual(auth)
  })

  it.each([
    ['5555', '--image must not be where the bridge itself listens, as main is'],
    ['5556', '--events must not be where the image main is'],
  ])('refuses an image on port %s, where the bridge is', (port, sentence) => {
    expect(read(['--image', `main=tcp://127.0.0.1:${port}`])).toMatchObject({
      kind: 'refuse',
      sentence: expect.stringContaining(`stack: ${sentence}`),
    })
  })

  it('takes an empty variable as absent', () => {
    const env = { STUI_PORT: '', STUI_DATA: '', STUI_COMMAND_BURST: '' }
    expect(read([], env)).toEqual(read([]))
  })

  it('passes the limits of the service on, and nothing that is its own business', () => {
    const env = {
      STUI_COMMANDS_PER_MINUTE: '6000',
      STUI_DENIED_CLIENTS: 'mallory',
      STUI_SESSION_SECRETS: 'from somewhere else',
      STUI_AUTH: 'on',
      STUI_API_ISSUER: 'https://api.stui.example',
      STUI_API_JWKS_URL: 'https://api.stui.example/jwks',
      STUI_USER: 'priya',
      STUI_LISTEN: 'tcp://127.0.0.1:1',
      STUI_UPSTREAM: 'http://127.0.0.1:1',
      HOME: '/root',
    }
    expect(read([], env)).toMatchObject({
      values: { settings: { STUI_COMMANDS_PER_MINUTE: '6000', STUI_DENIED_CLIENTS: 'mallory' } },
    })
  })

  it.each([
    [['--listen', 'tcp://0.0.0.0:1'], {}, '--listen must be a loopback address'],
    [[], { STUI_LISTEN: 'nowhere' }, 'STUI_LISTEN must look like'],
    [['--port', '65536'], {}, '--port must be a port from 0 to 65535, not "65536"'],
    [[], { STUI_PORT: 'http' }, 'STUI_PORT must be a port from 0 to 65535, not "http"'],
    [['--data', ''], {}, '--data must name a folder'],
    [['--log-level', 'loud'], {}, '--log-level must be debug, info, warn, error or silent, not'],
    [['--auth', 'maybe'], {}, '--auth must be off, jwt or introspection, not "maybe"'],
    [['--api-port', 'x'], {}, '--api-port must be a port from 0 to 65535, not "x"'],
    [['--user', 'bob'], {}, '--user must be frida, priya, enzo, kiosk, tessa or olga'],
    [[], { STUI_USER: 'toString' }, 'STUI_USER must be frida, priya,'],
    [['--prot', '1'], {}, "unknown option '--prot'; --help shows the options"],
    [['surplus'], {}, 'too many arguments'],
  ])('is refused in one sentence for %j %j', (args, env, beginning) => {
    const reading = read(args, env)
    const sentence = reading.kind === 'refuse' ? reading.sentence : ''
    expect(sentence).toContain(`stack: ${beginning}`)
    expect(sentence).toMatch(/^[^\n]+[^.\n]\.$/)
  })

  it('prints its version', () => {
    expect(read(['--version'])).toMatchObject({ kind: 'print', text: expect.stringMatching(/^\d/) })
  })
})

describe('the documentation of the stack', () => {
  it('has a row for each option that --help shows, and the same example', () => {
    const help = read(['--help'])
    const text = help.kind === 'print' ? help.text.replace(/\s+/g, ' ') : ''
    const readme = readFileSync(resolve('local-bridge/stack/README.md'), 'utf8')
    const options = [...text.matchAll(/(--[a-z-]+) <[^>]+> [^(]+\((STUI_\w+); default: ([^)]+)\)/g)]
    expect(options).toHaveLength(9)
    expect(readme).toContain('| `--auth` | – | off |')
    for (const [, flag, env, standard] of options) {
      expect(readme).toContain(`| \`${flag}\` | \`${env}\` | ${standard} |`)
    }
    expect(readme).toContain(text.slice(text.indexOf('npm start --')).trim())
  })
})
