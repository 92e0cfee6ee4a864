import { describe, expect, it } from 'vitest'
import { readSessions } from '../../../local-bridge/sessions/sessions-config.ts'

const read = (args: readonly string[], env: Record<string, string> = {}) =>
  readSessions({ args, env })

describe('stui-bridge sessions', () => {
  it('without a word is about what the token stands for', () => {
    expect(read([])).toEqual({
      kind: 'run',
      values: {
        ...{ upstream: 'http://127.0.0.1:8787', access: undefined },
        wanted: { scope: undefined, closed: false },
        ...{ json: false, watch: false, mayColour: true },
      },
    })
  })

  it('takes several clients, each once', () => {
    const args = ['--client', 'ann', '--client', 'bob', '--client', 'ann', '--all']
    const wanted = { scope: { kind: 'clients', ids: ['ann', 'bob'] }, closed: true }
    expect(read(args)).toMatchObject({ values: { wanted } })
  })

  it('takes the team', () => {
    const wanted = { scope: { kind: 'team' } }
    expect(read(['--team', '--watch', '--json'])).toMatchObject({
      values: { wanted, watch: true, json: true },
    })
  })

  it.each([
    ['1', false],
    ['', true],
  ])('with NO_COLOR="%s" has colours: %s', (NO_COLOR, mayColour) => {
    expect(read([], { NO_COLOR })).toMatchObject({ values: { mayColour } })
  })

  it.each([
    [['--client', '\u001b[2J'], '--client must be a client id'],
    [['--client', 'ann', '--team'], '--team is about all clients: leave --client or it out'],
    [
      Array.from({ length: 17 }, (_, n) => ['--client', `c${n}`]).flat(),
      '--client names more than 16 clients',
    ],
    [['--upstream', 'ftp://x'], '--upstream must be an http or https address without user'],
    [['--api-issuer', 'https://api.example'], '--api-issuer needs a token'],
    [['--token=SECRET'], 'a token is never taken from the command line'],
    [['--surplus'], "unknown option '--surplus'"],
  ])('refuses %j', (args, sentence) => {
    const refused = read(args)
    expect(refused).toMatchObject({ kind: 'refuse' })
    expect('sentence' in refused && refused.sentence).toContain(`stui-bridge sessions: ${sentence}`)
    expect(JSON.stringify(refused)).not.toContain('SECRET')
  })

  it('sends a token to no address in the clear', () => {
    const args = ['--upstream', 'http://sessions.example', '--api-issuer', 'https://api.example']
    expect(read(args, { STUI_TOKEN: 'x' })).toMatchObject({
      sentence: expect.stringContaining('--upstream must be an https address'),
    })
  })
})
