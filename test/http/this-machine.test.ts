// Who is served where nobody needs a token.

import { describe, expect, it } from 'vitest'
import { beyondThisMachine } from '../../src/http/this-machine.ts'

const OFF = { mode: 'off' } as const
const JWT = { mode: 'jwt', issuer: 'https://stui.test', audience: 'stui-sessions' } as const

function asked(host: string, from?: string) {
  const headers = from === undefined ? {} : { 'cf-connecting-ip': from }
  return new Request(`http://${host}/v1/messages`, { headers })
}

describe('without authentication, a request', () => {
  it.each([
    'localhost',
    'localhost:8787',
    'LOCALHOST',
    'stui.localhost:8787',
    '127.0.0.1',
    '127.0.0.1:8787',
    '127.1',
    '127.255.255.254',
    '[::1]:8787',
  ])('for this machine is served: %s', (host) => {
    expect(beyondThisMachine(OFF, asked(host))).toBeUndefined()
  })

  it.each([
    'sessions.example.com',
    'stui-sessions-production.acme.workers.dev',
    'localhost.example.com',
    'notlocalhost',
    '127.0.0.1.example.com',
    '127.example.com',
    '0.0.0.0:8787',
    '192.168.1.5:8787',
    '128.0.0.1',
    '[::]',
    '[::2]',
    '[2001:db8::1]',
    'worker',
  ])('for any other is not, and is told what to do: %s', (host) => {
    expect(beyondThisMachine(OFF, asked(host))).toMatch(/STUI_AUTH is off.*set it to jwt or/)
  })

  it.each(['127.0.0.1', '127.0.0.9', '::1', '::ffff:127.0.0.1'])(
    'from this machine is served: %s',
    (from) => {
      expect(beyondThisMachine(OFF, asked('localhost', from))).toBeUndefined()
    }
  )

  it.each(['203.0.113.7', '10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1', '127.0.0.1.2', '', 'me'])(
    'that a proxy has from elsewhere is not, whatever host it names: "%s"',
    (from) => {
      expect(beyondThisMachine(OFF, asked('localhost', from))).toBeDefined()
    }
  )
})

describe('with authentication, a request', () => {
  it('may be for any host, from anywhere', () => {
    expect(beyondThisMachine(JWT, asked('sessions.example.com', '203.0.113.7'))).toBeUndefined()
  })
})
