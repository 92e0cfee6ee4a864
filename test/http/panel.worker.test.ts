// The panel's part of the door, inside workerd: the page, its files, what it is told before and after a sign-in.

import { describe, expect, it } from 'vitest'
import { PANEL } from '../../src/panel/assets.ts'
import { startDoor } from '../support/authenticating-door.ts'
import { answerOf, type Door, logLines, WORKER, workerWith } from '../support/worker.ts'

const get = (path: string, headers: Record<string, string> = {}, door: Door = WORKER) =>
  door.fetch(new Request(`http://localhost${path}`, { headers }))

describe('the page', () => {
  it('is served to everybody and never cached', async () => {
    const response = await get('/')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toBe(PANEL.page)
  })

  it('may run, show and ask nothing but what this service serves', async () => {
    const { headers } = await get('/')
    const policy = headers.get('content-security-policy')?.split('; ')
    expect(policy).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "img-src 'self' data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ])
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('set-cookie')).toBe(null)
  })

  it('has no script, style or handler of its own, and names nothing elsewhere', () => {
    expect(PANEL.page).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/i)
    expect(PANEL.page).not.toMatch(/https?:|\/\/\w/)
  })

  it('names files that there are', async () => {
    const named = [...PANEL.page.matchAll(/(?:src|href)="(\/panel\/[^"]+)"/g)].map(([, at]) => at)
    expect(named).toHaveLength(PANEL.files.length)
    for (const path of named) expect((await get(path ?? '')).status).toBe(200)
  })
})

describe('a file of the page', () => {
  it.each(PANEL.files)('may be kept for ever: $name', async ({ name, type, text }) => {
    const response = await get(`/panel/${name}`)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toBe(text)
  })

  it('is compressed for whoever takes that', async () => {
    const path = `/panel/${PANEL.files[0]?.name}`
    const packed = await get(path, { 'accept-encoding': 'br, gzip' })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('vary')).toBe('accept-encoding')
    expect((await get(path)).headers.get('content-encoding')).toBe(null)
  })

  it('that there is not is 404 in an envelope', async () => {
    const { status, reply } = await answerOf(await get('/panel/panel-0.js'))
    expect([status, reply.error_code]).toEqual([404, 'invalid_request'])
  })
})

describe('GET /panel/config.json', () => {
  const config = async (door: Door) => (await get('/panel/config.json', {}, door)).json()

  it('says that nobody needs a token where nobody does', async () => {
    expect(await config(WORKER)).toEqual({
      auth: 'off',
      version: '0.1.0',
      session_bytes: 1_000_000,
    })
  })

  it('asks for a pasted token where the panel is not known to the STUI API', async () => {
    const { door } = await startDoor()
    expect(await config(door)).toMatchObject({ auth: 'token', issuer: 'https://stui.test' })
  })

  it('asks for a pasted token where the STUI API has no place to sign in, or is away', async () => {
    const there = await startDoor('jwt', { STUI_PANEL_CLIENT_ID: 'panel' })
    expect(await config(there.door)).toMatchObject({ auth: 'token' })
    there.become('away')
    expect(await config(there.door)).toMatchObject({ auth: 'token' })
  })

  it('is not the STUI API’s load: what it publishes is believed for a minute', async () => {
    const { door, requests, clock } = await startDoor('jwt', { STUI_PANEL_CLIENT_ID: 'panel' })
    const asked = () => requests('/.well-known/openid-configuration')
    for (let n = 0; n < 5; n += 1) await config(door)
    expect(asked()).toBe(1)
    clock.advance(60_000)
    await config(door)
    expect(asked()).toBe(2)
  })

  it('tells nothing that is secret', async () => {
    const { door } = await startDoor('introspection', { STUI_PANEL_CLIENT_ID: 'panel' })
    expect(JSON.stringify(await config(door))).not.toContain('secret')
  })
})

describe('GET /panel/me', () => {
  const me = async (door: Door, token?: string) =>
    get('/panel/me', token === undefined ? {} : { authorization: `Bearer ${token}` }, door)

  it('tells who the token stands for', async () => {
    const { door, token } = await startDoor()
    expect(await (await me(door, await token('enzo'))).json()).toMatchObject({
      subject: 'user-enzo',
      team: 'atelier',
      role: 'admin',
      client_ids: [],
      tier: 'enterprise',
      expires_at: expect.stringMatching(/^\d{4}-/),
    })
    expect(await (await me(door, await token('kiosk'))).json()).toMatchObject({
      role: 'member',
      client_ids: ['kiosk-*', 'till'],
    })
  })

  it('is refused without a good token, and counted', async () => {
    const { door } = await startDoor()
    for (let n = 0; n < 10; n += 1) {
      const { status, reply } = await answerOf(await me(door, 'invented'))
      expect([status, reply.error_code]).toEqual([401, 'unauthenticated'])
    }
    expect((await me(door, 'invented')).status).toBe(429)
    expect(logLines().join('\n')).not.toContain('invented')
  })

  it('is the local principal where nobody needs a token', async () => {
    expect(await (await me(WORKER)).json()).toMatchObject({ subject: 'local', role: 'admin' })
  })
})

describe('a page of another site', () => {
  const post = (origin: string, host = 'localhost', door: Door = WORKER) => {
    const headers = { origin, 'content-type': 'text/plain' }
    const url = `http://${host}/v1/messages`
    return door.fetch(new Request(url, { method: 'POST', body: '{"command":"ping"}', headers }))
  }

  it.each([
    ['of somebody', 'https://evil.example', '127.0.0.1:8787'],
    ['in a sandbox', 'null', '127.0.0.1:8787'],
    ['on another port', 'http://127.0.0.1:9999', '127.0.0.1:8787'],
    ['whose name only begins like ours', 'http://127.0.0.1.evil.example', '127.0.0.1'],
  ])('may send nothing where nobody needs a token: %s', async (_, origin, host) => {
    const { status, reply } = await answerOf(await post(origin, host))
    expect([status, reply.error_code]).toEqual([403, 'forbidden'])
  })

  it('whose name was pointed here is not served at all', async () => {
    const { status, reply } = await answerOf(
      await post('http://evil.example:8787', 'evil.example:8787')
    )
    expect([status, reply.error_code]).toEqual([503, 'upstream_unavailable'])
  })

  it('may not open a socket there either', async () => {
    const headers = { upgrade: 'websocket', origin: 'https://evil.example' }
    expect((await get('/v1/events?client_id=c', headers)).status).toBe(403)
  })

  it.each(['127.0.0.1:8787', 'localhost:8787', '[::1]:8787', 'stui.localhost:8787'])(
    'is not this service’s own page: %s may',
    async (host) => {
      expect((await post(`http://${host}`, host)).status).toBe(200)
    }
  )

  it('is nobody without a token where one is needed, whatever it says', async () => {
    const { door } = await startDoor()
    expect((await post('https://evil.example', 'sessions.example', door)).status).toBe(401)
    const { door: local } = { door: workerWith({}) }
    expect((await post('http://127.0.0.1', '127.0.0.1', local)).status).toBe(200)
  })
})
