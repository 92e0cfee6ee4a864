// Who asks, on a real Worker and a real STUI API: tokens of every tier, revoked ones, and a Worker without a mode.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorker } from '../../local-bridge/stack/build-worker.ts'
import { startLocalWorker } from '../../local-bridge/stack/local-worker.ts'
import { FIXTURES, inDialect, missingFrom } from '../support/fixtures.ts'
import { type IdentityStack, leaked, startIdentityStack } from '../support/identity-stack.ts'

let byJwt: IdentityStack
let byIntrospection: IdentityStack

beforeAll(async () => {
  byJwt = await startIdentityStack('jwt')
  byIntrospection = await startIdentityStack('introspection')
})

afterAll(async () => {
  for (const stack of [byJwt, byIntrospection]) {
    const { secrets, output } = await stack.stop()
    expect(leaked(secrets, output)).toEqual([])
  }
})

describe.each([
  ['jwt', () => byJwt],
  ['introspection', () => byIntrospection],
] as const)('by %s', (_, stackOf) => {
  it('the owner lives a whole session with a token', async () => {
    const { ask, api } = stackOf()
    const token = await api.issueToken('frida')
    const created = await ask({ command: 'create_session', client_id: 'desk' }, token)
    const { session_id } = created.reply.result as { readonly session_id: string }
    for (const message of [
      { command: 'update_session_state', session_id, state_data: { a: 1 } },
      { command: 'restore_session', session_id },
      { command: 'get_session_info', session_id },
      { command: 'get_session_statistics' },
      { command: 'close_session', session_id },
    ]) {
      expect((await ask(message, token)).reply).toMatchObject({ status: 'success' })
    }
  })

  it('another token of the same person is the same owner', async () => {
    const { ask, api } = stackOf()
    const message = { command: 'create_session', client_id: 'laptop' }
    await ask(message, await api.issueToken('frida'))
    const { reply } = await ask(message, await api.issueToken('frida', { alg: 'EdDSA' }))
    expect(reply).toMatchObject({ status: 'success' })
  })

  it('seed 002 is answered as it shows, by the token of the message', async () => {
    const { ask, api } = stackOf()
    const fixture = FIXTURES.find(({ command }) => command === 'validate_feature_access')
    const auth_token = await api.issueToken('priya')
    const frida = await api.issueToken('frida')
    for (const dialect of ['A', 'B'] as const) {
      const message = { ...inDialect(dialect, fixture?.request ?? {}), auth_token }
      const { reply } = await ask(message, frida)
      expect(missingFrom(reply, fixture?.response)).toEqual([])
      expect(reply).toMatchObject({
        client_id: 'unique_client_identifier',
        result: { feature: 'remote_debugger', access_granted: true, subscription_tier: 'pro' },
      })
    }
  })
})

describe('the keys of the STUI API', () => {
  it('are fetched once for all requests', async () => {
    for (let n = 0; n < 20; n += 1) {
      await byJwt.ask({ command: 'ping' }, await byJwt.api.issueToken('frida'))
    }
    expect(byJwt.api.requests('/jwks')).toBe(1)
  })
})

// What it carries out of commands, nothing, is in isolation-tokens.test.ts.
describe('a token that was revoked', () => {
  it('decides about no feature', async () => {
    const { ask, api } = byIntrospection
    const auth_token = await api.issueToken('priya')
    api.revoke(auth_token)
    const message = { command: 'validate_feature_access', client_id: 'c', feature: 'f', auth_token }
    const { reply } = await ask(message, await api.issueToken('frida'))
    expect(reply).toMatchObject({ error_code: 'unauthenticated' })
  })
})

describe('the STUI API away', () => {
  it('lets nobody in who is unknown, and keeps nobody out who is known', async () => {
    const { ask, api } = byIntrospection
    const known = await api.issueToken('frida')
    const unknown = await api.issueToken('priya')
    await ask({ command: 'ping' }, known)
    api.become('down')
    const [first, second] = [
      await ask({ command: 'ping' }, known),
      await ask({ command: 'ping' }, unknown),
    ]
    api.release()
    expect([first.status, second.status]).toEqual([200, 503])
    expect(second.reply).toMatchObject({ error_code: 'upstream_unavailable' })
  })
})

describe('a Worker without a mode of authentication', () => {
  it('serves nothing', async () => {
    const secrets = Buffer.alloc(32, 7).toString('base64url')
    const settings = { STUI_AUTH: '' }
    const worker = await startLocalWorker({ script: await buildWorker(), secrets, settings })
    const body = JSON.stringify({ command: 'create_session', client_id: 'desk' })
    const response = await fetch(`${worker.url}/v1/messages`, { method: 'POST', body })
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('STUI_AUTH')
    await worker.stop()
  })
})
