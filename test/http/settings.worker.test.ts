// A Worker fails closed: without its settings it serves nothing, and says which one is wrong.

import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/protocol/commands/index.ts'
import { VERSION } from '../../src/version.ts'
import wranglerToml from '../../wrangler.toml?raw'
import { AUTH_SETTINGS } from '../support/authenticating-door.ts'
import { answerOf, ask, logged, logLines, newClient, workerWith } from '../support/worker.ts'

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
    ['STUI_CLIENT_BYTES', '0'],
    ['STUI_RETENTION_DAYS', '-1'],
    ['STUI_COMMANDS_PER_MINUTE', '1.5'],
  ])('answers 503 on every path but /healthz and names %s=%s', async (setting, value) => {
    await expectRefusal({}, setting, value)
  })

  it.each([
    ['jwt', 'STUI_API_ISSUER', undefined],
    ['jwt', 'STUI_API_ISSUER', 'stui.test'],
    ['jwt', 'STUI_API_ISSUER', 'http://stui.test'],
    ['jwt', 'STUI_API_ISSUER', 'http://127.0.0.1@stui.test'],
    ['jwt', 'STUI_API_ISSUER', 'http://127.0.0.1.stui.test'],
    ['jwt', 'STUI_API_AUDIENCE', undefined],
    ['jwt', 'STUI_API_AUDIENCE', ''],
    ['jwt', 'STUI_API_JWKS_URL', ''],
    ['jwt', 'STUI_API_JWKS_URL', 'http://stui.test/jwks'],
    ['jwt', 'STUI_API_JWKS_URL', 'file:///etc/passwd'],
    ['introspection', 'STUI_API_ISSUER', undefined],
    ['introspection', 'STUI_API_AUDIENCE', undefined],
    ['introspection', 'STUI_API_INTROSPECTION_URL', undefined],
    ['introspection', 'STUI_API_INTROSPECTION_URL', 'http://stui.test/introspect'],
    ['introspection', 'STUI_API_CLIENT_ID', undefined],
    ['introspection', 'STUI_API_CLIENT_SECRET', undefined],
    ['introspection', 'STUI_API_CLIENT_SECRET', ''],
    ['introspection', 'STUI_SESSION_SECRETS', undefined],
  ] as const)('answers 503 with authentication by %s too: %s=%s', async (mode, setting, value) => {
    await expectRefusal(AUTH_SETTINGS[mode], setting, value)
  })

  it('says so in its log, without the value', async () => {
    await workerWith({ STUI_SESSION_SECRETS: SHORT }).fetch(new Request('http://localhost/readyz'))
    const text = logLines().join('\n')
    expect(text).toContain('refused_to_serve')
    expect(text).toContain('STUI_SESSION_SECRETS')
    expect(text).not.toContain(SHORT)
  })
})

describe('a Worker with every setting of a mode', () => {
  it.each([
    ['https', 'https://stui.test'],
    ['this machine', 'http://127.0.0.1:8080'],
    ['this machine by name', 'http://localhost:8080'],
    ['this machine in IPv6', 'http://[::1]:8080'],
  ])('serves, with an issuer on %s', async (_, STUI_API_ISSUER) => {
    for (const mode of ['jwt', 'introspection'] as const) {
      const door = workerWith({ ...AUTH_SETTINGS[mode], STUI_API_ISSUER })
      expect((await door.fetch(new Request('http://localhost/readyz'))).status).toBe(200)
    }
  })
})

/** Every path but /healthz is refused, and the setting is named. */
async function expectRefusal(settings: object, setting: string, value: string | undefined) {
  const door = workerWith({ ...settings, [setting]: value })
  const requests = [
    ...['/readyz', '/openapi.json', '/v1/describe', '/v1/messages', '/', '/nothing'].map(
      (path) => new Request(`http://localhost${path}`)
    ),
    new Request('http://localhost/v1/messages', { method: 'POST', body: '{"command":"ping"}' }),
  ]
  for (const request of requests) {
    const { status, reply } = await answerOf(await door.fetch(request))
    expect(status).toBe(503)
    expect(reply).toMatchObject({ id: null, error_code: 'upstream_unavailable' })
    expect(reply.error).toContain(setting)
    if (value !== undefined && value.length > 8) expect(reply.error).not.toContain(value)
  }
  const health = await door.fetch(new Request('http://localhost/healthz'))
  expect(health.status).toBe(200)
  expect(await health.json()).toEqual({ status: 'ok', version: VERSION, configured: false })
}

/** As it is deployed with nothing but what wrangler.toml says of production. */
const DEPLOYED = { STUI_AUTH: undefined, STUI_SESSION_SECRETS: undefined, ...productionVars() }

/** What stands in [env.production.vars]; read from the file, so that nothing is added there unseen. */
function productionVars(): Record<string, string> {
  const [, section = ''] = /\[env\.production\.vars\]\n([^[]*)/.exec(wranglerToml) ?? []
  const lines = section.matchAll(/^(STUI_\w+) = "([^"]*)"$/gm)
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]))
}

const PATHS = ['/', '/readyz', '/openapi.json', '/v1/describe', '/v1/messages', '/nothing']
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

const TOKENS = [{}, { authorization: 'Bearer anything' }, { authorization: 'Basic YTpi' }]

describe('a Worker that is deployed without settings of authentication', () => {
  it('is what production is before anybody has chosen a mode', () => {
    expect(productionVars()).toEqual({ STUI_RETENTION_DAYS: '30' })
  })

  it.each(PATHS.flatMap((path) => METHODS.map((method) => [method, path] as const)))(
    'answers 503: %s %s',
    async (method, path) => {
      const door = workerWith(DEPLOYED)
      for (const headers of TOKENS) {
        const request = new Request(`http://localhost${path}`, { method, headers })
        const { status, reply } = await answerOf(await door.fetch(request))
        expect([status, reply.error_code]).toEqual([503, 'upstream_unavailable'])
        expect(reply.error).toContain('STUI_AUTH')
      }
    }
  )

  it.each(COMMANDS)('carries out nothing: $name', async ({ name, example }) => {
    const door = workerWith(DEPLOYED)
    const message = { command: name, parameters: example.parameters }
    for (const headers of TOKENS) expect((await ask(message, headers, door)).status).toBe(503)
  })

  it.each(['GET', 'HEAD'])(
    'tells that its process is well, and no more: %s /healthz',
    async (method) => {
      const door = workerWith(DEPLOYED)
      expect((await door.fetch(new Request('http://localhost/healthz', { method }))).status).toBe(
        200
      )
      const other = await door.fetch(new Request('http://localhost/healthz', { method: 'POST' }))
      expect(other.status).toBe(503)
    }
  )
})

/** A local stack's mode, which somebody has deployed with everything else that a Worker needs. */
const DEPLOYED_OFF = { ...productionVars(), STUI_AUTH: 'off' }

const ELSEWHERE: readonly (readonly [string, string, Record<string, string>])[] = [
  ['its address', 'https://stui-sessions-production.acme.workers.dev', {}],
  ['a custom domain', 'https://sessions.example.com', { 'cf-connecting-ip': '203.0.113.7' }],
  ['an address of the network', 'http://192.168.1.5:8787', {}],
  ['a proxy that names this machine', 'http://127.0.0.1', { 'cf-connecting-ip': '203.0.113.7' }],
]

describe('a Worker that is deployed with the mode of a local stack', () => {
  it.each(ELSEWHERE)('answers 503 to everything but /healthz at %s', async (_, url, from) => {
    const door = workerWith(DEPLOYED_OFF)
    for (const path of [...PATHS, '/v1/events', '/v1/batches', '/panel/me']) {
      for (const method of METHODS) {
        const request = new Request(`${url}${path}`, { method, headers: from })
        const { status, reply } = await answerOf(await door.fetch(request))
        expect([status, reply.error_code]).toEqual([503, 'upstream_unavailable'])
        expect(reply.error).toContain('set it to jwt or introspection')
      }
    }
    const health = await door.fetch(new Request(`${url}/healthz`, { headers: from }))
    expect(health.status).toBe(200)
    expect(await health.json()).toMatchObject({ status: 'ok', configured: false })
    expect(logged('refused_to_serve').length).toBeGreaterThan(0)
  })

  it.each(COMMANDS)('carries out nothing there: $name', async ({ name, example }) => {
    const door = workerWith(DEPLOYED_OFF)
    const body = JSON.stringify({ command: name, parameters: example.parameters })
    for (const headers of TOKENS) {
      const url = 'https://sessions.example.com/v1/messages'
      const request = new Request(url, { method: 'POST', body, headers })
      expect((await door.fetch(request)).status).toBe(503)
    }
  })

  it.each(['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]:8787'])(
    'serves this machine: %s',
    async (url) => {
      expect((await workerWith(DEPLOYED_OFF).fetch(new Request(`${url}/readyz`))).status).toBe(200)
    }
  )
})

describe('a Worker that stores states as they came', () => {
  const ready = async (settings: Readonly<Record<string, unknown>>) => {
    const response = await workerWith(settings).fetch(new Request('http://localhost/readyz'))
    expect(response.status).toBe(200)
    return response.json()
  }

  it.each(['jwt', 'introspection'] as const)('says so where people sign in: %s', async (mode) => {
    expect(await ready(AUTH_SETTINGS[mode])).toEqual({
      status: 'ready',
      version: VERSION,
      warnings: [expect.stringContaining('STUI_ENCRYPTION_KEYS is not set')],
    })
    const sealed = { ...AUTH_SETTINGS[mode], STUI_ENCRYPTION_KEYS: `k1:${GOOD}` }
    expect(await ready(sealed)).toEqual({ status: 'ready', version: VERSION })
  })

  it('is as it should be on a machine of one’s own', async () => {
    expect(await ready({})).toEqual({ status: 'ready', version: VERSION })
  })
})

describe.each(['jwt', 'introspection'] as const)('a Worker that authenticates by %s', (mode) => {
  it.each(COMMANDS)('answers 401 to who brings no token: $name', async ({ name, example }) => {
    const door = workerWith(AUTH_SETTINGS[mode])
    const message = { command: name, parameters: example.parameters }
    const { status, reply } = await ask(message, {}, door)
    expect([status, reply.error_code]).toEqual([401, 'unauthenticated'])
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
