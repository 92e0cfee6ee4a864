// The token of a socket that a browser opens.

import { describe, expect, it } from 'vitest'
import { startDoor } from '../support/authenticating-door.ts'
import { logLines, newClient, WORKER } from '../support/worker.ts'

const encoded = (token: string) => `bearer.${Buffer.from(token).toString('base64url')}`

function request(protocols: string | undefined, headers: Record<string, string> = {}) {
  const url = `http://localhost/v1/events?client_id=${newClient()}`
  const offered = protocols === undefined ? {} : { 'sec-websocket-protocol': protocols }
  return new Request(url, { headers: { upgrade: 'websocket', ...offered, ...headers } })
}

describe('a socket of a page', () => {
  it('is let in with the token as a subprotocol, and the other one is chosen', async () => {
    const { door, token } = await startDoor()
    const response = await door.fetch(request(`stui.v1, ${encoded(await token('frida'))}`))
    expect(response.status).toBe(101)
    expect(response.headers.get('sec-websocket-protocol')).toBe('stui.v1')
    expect(response.webSocket).not.toBe(null)
  })

  it.each([
    ['no token', 'stui.v1'],
    ['an invented one', `stui.v1, ${encoded('invented')}`],
    ['one that cannot be a header', `stui.v1, ${encoded('a\r\nx-evil: 1')}`],
    ['an empty one', 'stui.v1, bearer.'],
    ['one that is not base64url', 'stui.v1, bearer.a+b/'],
  ])('is refused with %s', async (_, protocols) => {
    const { door } = await startDoor()
    expect((await door.fetch(request(protocols))).status).toBe(401)
  })

  it('is refused with a bad header beside a good subprotocol: the header decides', async () => {
    const { door, token } = await startDoor()
    const protocols = `stui.v1, ${encoded(await token('frida'))}`
    const both = request(protocols, { authorization: 'Bearer invented' })
    expect((await door.fetch(both)).status).toBe(401)
  })

  it('is opened without a choice where none was offered', async () => {
    const response = await WORKER.fetch(request(undefined))
    expect(response.status).toBe(101)
    expect(response.headers.get('sec-websocket-protocol')).toBe(null)
  })

  it('leaves no trace of its token in the log', async () => {
    const { door, token } = await startDoor()
    const its = await token('frida')
    await door.fetch(request(`stui.v1, ${encoded(its)}`))
    await door.fetch(request(`stui.v1, ${encoded(`${its}x`)}`))
    const text = logLines().join('\n')
    expect(text).not.toContain(its.slice(-20))
    expect(text).not.toContain(encoded(its).slice(-20))
  })
})
