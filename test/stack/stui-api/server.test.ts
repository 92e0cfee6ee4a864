// The small STUI API by plain HTTP, as somebody with a local stack uses it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type StuiApi, startStuiApi } from '../../../local-bridge/stack/stui-api/server.ts'
import { USERS } from '../../../local-bridge/stack/stui-api/users.ts'

let api: StuiApi

beforeAll(async () => {
  api = await startStuiApi()
})

afterAll(() => api.stop())

function post(path: string, form: Record<string, string>, authorization = '') {
  return fetch(`${api.issuer}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { authorization },
  })
}

function basic() {
  const encoded = new URLSearchParams([[api.credentials.id, api.credentials.secret]])
  return `Basic ${btoa(encoded.toString().replace('=', ':'))}`
}

async function signIn(username: string, password = username) {
  const response = await post('/token', { grant_type: 'password', username, password })
  return { status: response.status, json: await response.json() }
}

describe('The small STUI API', () => {
  it.each(Object.entries(USERS))('gives %s a token that it then knows', async (name, user) => {
    const { status, json } = await signIn(name)
    expect(status).toBe(200)
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 900 })
    const { access_token } = z.object({ access_token: z.string() }).parse(json)
    const known = await post('/introspect', { token: access_token }, basic())
    expect(await known.json()).toMatchObject({ active: true, sub: user.sub, ...user.claims })
  })

  it.each([
    ['frida', 'wrong'],
    ['nobody', 'nobody'],
    ['toString', ''],
  ])('gives %s with the password "%s" none', async (name, password) => {
    expect(await signIn(name, password)).toEqual({
      status: 400,
      json: { error: 'invalid_grant' },
    })
  })

  it('knows no grant but the password', async () => {
    const response = await post('/token', { grant_type: 'implicit' })
    expect(await response.json()).toEqual({ error: 'unsupported_grant_type' })
  })

  it('tells strangers nothing about tokens', async () => {
    const token = await api.issueToken('frida')
    const other = await api.issueToken('olga')
    for (const authorization of ['', 'Basic eDp5', `Bearer ${other}`, 'Bearer invented']) {
      expect((await post('/introspect', { token }, authorization)).status).toBe(401)
      expect((await post('/revoke', { token }, authorization)).status).toBe(401)
    }
  })

  it('knows a revoked token no more', async () => {
    const token = await api.issueToken('frida')
    expect((await post('/revoke', { token }, basic())).status).toBe(200)
    const known = await post('/introspect', { token }, basic())
    expect(await known.json()).toEqual({ active: false })
  })

  it('publishes its public keys and no private ones', async () => {
    const response = await fetch(api.jwksUrl)
    const { keys } = z
      .object({ keys: z.array(z.looseObject({ alg: z.string() })) })
      .parse(await response.json())
    expect(keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256', 'EdDSA'])
    for (const key of keys) expect(Object.keys(key)).not.toContain('d')
  })

  it('has no other paths', async () => {
    expect((await fetch(`${api.issuer}/admin`)).status).toBe(404)
    expect((await fetch(`${api.issuer}/token`)).status).toBe(404)
  })
})
