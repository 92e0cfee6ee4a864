// A Worker fails closed: without its settings it serves nothing, and says which one is wrong.

import { describe, expect, it } from 'vitest'
import { answerOf, ask, logLines, newClient, workerWith } from '../support/worker.ts'

const SHORT = Buffer.alloc(31, 1).toString('base64url')
const GOOD = Buffer.alloc(32, 1).toString('base64url')

describe('a Worker with a setting that is absent or wrong', () => {
  it.each([
    ['STUI_AUTH', undefined],
    ['STUI_AUTH', ''],
    ['STUI_AUTH', 'none'],
    ['STUI_SESSION_SECRETS', undefined],
    ['STUI_SESSION_SECRETS', ''],
    ['STUI_SESSION_SECRETS', SHORT],
    ['STUI_SESSION_SECRETS', `${GOOD},${SHORT}`],
    ['STUI_SESSION_SECRETS', `${GOOD},`],
    ['STUI_SESSION_SECRETS', '§§§'],
    ['STUI_MAX_SESSIONS_PER_CLIENT', '0'],
    ['STUI_MAX_SESSIONS_PER_CLIENT', 'many'],
    ['STUI_DEFAULT_TIMEOUT_S', '59'],
    ['STUI_SESSION_BYTES', '1000001'],
    ['STUI_RETENTION_DAYS', '-1'],
    ['STUI_COMMANDS_PER_MINUTE', '1.5'],
  ])('answers 503 on every path and names %s=%s', async (setting, value) => {
    const door = workerWith({ [setting]: value })
    const requests = [
      ...['/healthz', '/openapi.json', '/v1/describe', '/v1/messages', '/', '/nothing'].map(
        (path) => new Request(`http://worker${path}`)
      ),
      new Request('http://worker/v1/messages', { method: 'POST', body: '{"command":"ping"}' }),
    ]
    for (const request of requests) {
      const { status, reply } = await answerOf(await door.fetch(request))
      expect(status).toBe(503)
      expect(reply).toMatchObject({ id: null, error_code: 'upstream_unavailable' })
      expect(reply.error).toContain(setting)
      if (value !== undefined && value.length > 8) expect(reply.error).not.toContain(value)
    }
  })

  it('says so in its log, without the value', async () => {
    await workerWith({ STUI_SESSION_SECRETS: SHORT }).fetch(new Request('http://worker/healthz'))
    const text = logLines().join('\n')
    expect(text).toContain('refused_to_serve')
    expect(text).toContain('STUI_SESSION_SECRETS')
    expect(text).not.toContain(SHORT)
  })
})

describe('the lists of clients', () => {
  it('let in whom they allow, and deny wins', async () => {
    const name = newClient()
    const door = workerWith({
      STUI_ALLOWED_CLIENTS: `${name}, ${name}-*`,
      STUI_DENIED_CLIENTS: `${name}-b`,
    })
    const list = async (client_id: string) =>
      (await ask({ command: 'list_client_sessions', client_id }, {}, door)).reply.error_code
    expect(await list(name)).toBeUndefined()
    expect(await list(`${name}-a`)).toBeUndefined()
    expect(await list(`${name}-b`)).toBe('client_not_allowed')
    expect(await list('stranger')).toBe('client_not_allowed')
  })
})
