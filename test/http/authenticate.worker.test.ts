// Who is let in: a message with a good token, and nobody else.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/protocol/commands/index.ts'
import { routeOf } from '../../src/session/session-id.ts'
import { startDoor } from '../support/authenticating-door.ts'
import { MINUTE, SECOND } from '../support/fixed-clock.ts'
import { answerOf, logLines, newClient } from '../support/worker.ts'

const UNAUTHENTICATED = { error_code: 'unauthenticated', error_type: 'Error' }

describe('a message without a good token', () => {
  it.each(COMMANDS)('is refused in its own id: $name', async ({ name, example }) => {
    const { ask } = await startDoor()
    const message = { id: 'm-1', command: name, parameters: example.parameters }
    const { status, headers, reply } = await ask(message)
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe(
      'Bearer realm="stui-sessions", error="invalid_token"'
    )
    expect(reply).toMatchObject({ id: 'm-1', ...UNAUTHENTICATED })
  })

  it('is not told what else is wrong with it', async () => {
    const { door } = await startDoor()
    const post = async (body: string) =>
      answerOf(
        await door.fetch(new Request('http://localhost/v1/messages', { method: 'POST', body }))
      )
    for (const body of ['{', '[]', '{"command":"pong"}', '{"id":7,"command":"close_session"}']) {
      expect((await post(body)).reply).toMatchObject(UNAUTHENTICATED)
    }
    expect((await post('{"id":7,"command":5}')).reply.id).toBe(7)
  })

  it('touches no object', async () => {
    const { ask } = await startDoor()
    const client_id = newClient()
    await ask({ command: 'create_session', client_id })
    for (const team of ['local', 'atelier']) {
      const object = env.CLIENTS.getByName(routeOf({ team, client_id }))
      const tables = await runInDurableObject(object, (_, { storage }) =>
        storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'session'").toArray()
      )
      expect(tables).toEqual([])
    }
  })

  it.each([
    ['no token', 'Bearer '],
    ['another scheme', 'Basic dTpw'],
    ['two tokens', 'Bearer a, Bearer b'],
    ['text that no token has', 'Bearer a"b'],
    ['an invented token', 'Bearer invented'],
  ])('is refused with %s in its header', async (_, authorization) => {
    const { door } = await startDoor()
    const body = '{"command":"ping"}'
    const headers = { authorization }
    const request = new Request('http://localhost/v1/messages', { method: 'POST', body, headers })
    const { status, text } = await answerOf(await door.fetch(request))
    expect(status).toBe(401)
    expect(text).not.toContain('invented')
  })
})

describe.each(['jwt', 'introspection'] as const)('a token, by %s', (mode) => {
  it('lets its owner in until it ends', async () => {
    const { ask, token, clock } = await startDoor(mode)
    const own = await token('frida')
    expect((await ask({ command: 'ping' }, own)).status).toBe(200)
    clock.advance(17 * MINUTE)
    const { status, headers, reply } = await ask({ id: 1, command: 'ping' }, own)
    expect(status).toBe(401)
    expect(headers.has('www-authenticate')).toBe(true)
    const code = mode === 'jwt' ? 'token_expired' : 'unauthenticated'
    expect(reply).toMatchObject({ id: 1, error_code: code })
  })

  it('of another issuer or for another audience lets nobody in', async () => {
    const { ask, token } = await startDoor(mode)
    for (const claims of [{ iss: 'https://elsewhere.test' }, { aud: 'another-service' }]) {
      const { reply } = await ask({ command: 'ping' }, await token('frida', { claims }))
      expect(reply).toMatchObject(UNAUTHENTICATED)
    }
  })

  it('is not the reason while the STUI API is away', async () => {
    const { ask, token, become } = await startDoor(mode)
    become('away')
    const { status, reply } = await ask({ command: 'ping' }, await token('frida'))
    expect(status).toBe(503)
    expect(reply).toMatchObject({ error_code: 'upstream_unavailable' })
  })

  it('is in no log line, header or body', async () => {
    const { ask, token } = await startDoor(mode)
    const good = await token('frida')
    const bad = `${(await token('priya')).slice(0, -8)}AAAAAAAA`
    const answers = [
      await ask({ command: 'ping', auth_token: good }, good),
      await ask({ command: 'ping', parameters: { auth_token: bad } }, bad),
    ]
    for (const { headers, text } of answers) {
      const all = [text, ...[...headers].flat(), ...logLines()].join('\n')
      for (const secret of [good, bad]) expect(all).not.toContain(secret)
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 401])
  })
})

describe('the STUI API', () => {
  it('is asked for its keys once for many messages', async () => {
    const { ask, token, requests } = await startDoor('jwt')
    for (const user of ['frida', 'priya', 'olga'] as const) {
      await ask({ command: 'ping' }, await token(user))
    }
    expect(requests('/jwks')).toBe(1)
  })

  it('may change its keys without anybody being refused', async () => {
    const { ask, token, rotate, clock, requests } = await startDoor('jwt')
    const before = await token('frida')
    expect((await ask({ command: 'ping' }, before)).status).toBe(200)
    clock.advance(5 * SECOND)
    await rotate()
    const after = await token('priya')
    const all = Array.from({ length: 40 }, (_, n) =>
      ask({ command: 'ping' }, n % 2 === 0 ? before : after)
    )
    expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([200]))
    expect(requests('/jwks')).toBe(2)
  })

  it('may withdraw a key, and what was signed with it ends with the next look', async () => {
    const { ask, token, rotate, clock } = await startDoor('jwt')
    const stolen = await token('enzo')
    expect((await ask({ command: 'ping' }, stolen)).status).toBe(200)
    await rotate({ withdrawOld: true })
    clock.advance(10 * MINUTE)
    expect((await ask({ command: 'ping' }, stolen)).reply).toMatchObject(UNAUTHENTICATED)
  })

  it('is asked about a token once a minute, and a revocation counts from then on', async () => {
    const { ask, token, revoke, requests, clock } = await startDoor('introspection')
    const own = await token('frida')
    for (let n = 0; n < 5; n += 1) await ask({ command: 'ping' }, own)
    expect(requests('/introspect')).toBe(1)
    revoke(own)
    clock.advance(59 * SECOND)
    expect((await ask({ command: 'ping' }, own)).status).toBe(200)
    clock.advance(SECOND)
    expect((await ask({ command: 'ping' }, own)).reply).toMatchObject(UNAUTHENTICATED)
  })
})

describe('what tells nothing of anybody', () => {
  it.each(['/healthz', '/v1/describe', '/openapi.json'])('needs no token: %s', async (path) => {
    const { door } = await startDoor()
    expect((await door.fetch(new Request(`http://localhost${path}`))).status).toBe(200)
  })
})

describe('where authentication is off', () => {
  it('no header is looked at', async () => {
    const { ask } = await startDoor('jwt', { STUI_AUTH: 'off' })
    expect((await ask({ command: 'ping' }, 'anything', '127.0.0.1')).status).toBe(200)
  })
})
