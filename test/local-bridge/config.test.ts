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
    expect(sentence).toContain(`local-bridge: ${beginning}`)
    expect(sentence).toMatch(/^[^\n]+[^.\n]\.$/)
  })

  it('does not repeat a password that stands in an address', () => {
    expect(JSON.stringify(read(['--upstream', 'http://user:secret@x']))).not.toContain('secret')
  })

  it('prints its version', () => {
    expect(read(['--version'])).toMatchObject({ kind: 'print', text: expect.stringMatching(/^\d/) })
  })
})

describe('the documentation of the bridge', () => {
  it('has a row for each option that --help shows, with its environment variable and default', () => {
    const help = read(['--help'])
    const text = help.kind === 'print' ? help.text.replace(/\s+/g, ' ') : ''
    const readme = readFileSync(join(import.meta.dirname, '../../local-bridge/README.md'), 'utf8')
    const options = [...text.matchAll(/(--[a-z-]+) <[^>]+> [^(]+\((STUI_\w+); default: ([^)]+)\)/g)]
    expect(options).toHaveLength(4)
    for (const [, flag, env, standard] of options) {
      expect(readme).toContain(`| \`${flag}\` | \`${env}\` | ${standard} |`)
    }
    expect(readme).toContain(text.slice(text.indexOf('node local-bridge')).trim())
  })
})
