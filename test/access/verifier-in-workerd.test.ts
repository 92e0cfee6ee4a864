// Verifiers in a real workerd that asks a real STUI API by HTTP. There a fetch belongs to the request that began it:
// these tests are about requests that wait for what another one began.

import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildWorker, COMPATIBILITY } from '../../local-bridge/stack/build-worker.ts'
import { startTestApi, type TestApi } from '../support/stui-api.ts'

let api: TestApi
let worker: Miniflare
let url: URL

beforeAll(async () => {
  api = await startTestApi()
  worker = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      telemetry: { enabled: false },
      modules: true,
      script: await buildWorker('test/support/stui-api-worker.ts'),
      compatibilityDate: COMPATIBILITY.date,
      compatibilityFlags: [...COMPATIBILITY.flags],
      bindings: {
        ISSUER: api.issuer,
        AUDIENCE: api.audience,
        INTROSPECTION_URL: api.introspectionUrl,
        CLIENT_ID: api.credentials.id,
        CLIENT_SECRET: api.credentials.secret,
      },
    })
  )
  url = await worker.ready
})

afterEach(() => api.release())

afterAll(async () => {
  await worker.dispose()
  await api.stop()
})

async function verify(mode: 'jwt' | 'introspection', token: string, signal?: AbortSignal) {
  const response = await fetch(new URL(mode, url), {
    headers: { authorization: `Bearer ${token}` },
    ...(signal !== undefined && { signal }),
  })
  expect(response.status).toBe(200)
  return response.json()
}

const GOOD = { ok: true, value: { subject: 'user-frida' } }
const AWAY = { ok: false, failure: { reason: 'upstream_unavailable' } }

/** Resolves when one more question than so far has come. */
function nextQuestion() {
  return api.arrived('/introspect', api.requests('/introspect') + 1)
}

describe('In a real workerd', () => {
  it('tokens are verified in both ways', async () => {
    const token = await api.issueToken('frida')
    expect(await verify('jwt', token)).toMatchObject(GOOD)
    expect(await verify('introspection', token)).toMatchObject(GOOD)
    expect(await verify('introspection', 'invented')).toMatchObject({ ok: false })
  })

  it('one question serves many requests', async () => {
    const token = await api.issueToken('frida')
    const before = api.requests('/introspect')
    api.become('slow')
    const asked = nextQuestion()
    const waiting = Array.from({ length: 20 }, () => verify('introspection', token))
    await asked
    api.release()
    for (const verdict of await Promise.all(waiting)) expect(verdict).toMatchObject(GOOD)
    expect(api.requests('/introspect')).toBe(before + 1)
  })

  it('a request whose client left does not take those with it who wait for its answer', async () => {
    const token = await api.issueToken('frida')
    api.become('slow')
    const asked = nextQuestion()
    const leaving = new AbortController()
    const left = verify('introspection', token, leaving.signal).catch(() => 'left')
    await asked
    const waiting = verify('introspection', token)
    leaving.abort()
    expect(await left).toBe('left')
    api.release()
    expect(await waiting).toMatchObject(GOOD)
  })

  it('an API that hangs is given up by its own timer, and asked again when it is back', async () => {
    const token = await api.issueToken('frida')
    api.become('hang')
    const [first, second] = [verify('introspection', token), verify('introspection', token)]
    expect(await first).toMatchObject(AWAY)
    expect(await second).toMatchObject(AWAY)
    api.release()
    expect(await verify('introspection', token)).toMatchObject(GOOD)
  })
})
