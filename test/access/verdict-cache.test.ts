// What is remembered of a token, and for how long.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { API_LIMIT_MS } from '../../src/access/stui-api.ts'
import { NEGATIVE_MS, POSITIVE_MS } from '../../src/access/verdict-cache.ts'
import { MINUTE, SECOND } from '../support/fixed-clock.ts'
import { type ApiClient, platformFetch, startApiClient } from '../support/stui-api-client.ts'
import { GOOD, REFUSED } from '../support/verdicts.ts'

let client: ApiClient

beforeAll(async () => {
  client = await startApiClient()
})

afterEach(() => client.api.release())

afterAll(() => client.api.stop())

/** Counts the questions from now on. */
function countQuestions() {
  const before = client.api.requests('/introspect')
  return () => client.api.requests('/introspect') - before
}

/** Resolves when one more question than so far has come. */
function nextQuestion() {
  return client.api.arrived('/introspect', client.api.requests('/introspect') + 1)
}

describe('A verdict', () => {
  it('is asked for once in a minute', async () => {
    const verifier = client.introspectionVerifier()
    const token = await client.api.issueToken('frida')
    const questions = countQuestions()
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    client.clock.advance(POSITIVE_MS - 1)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    expect(questions()).toBe(1)
    client.clock.advance(1)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    expect(questions()).toBe(2)
  })

  it('does not outlive a revocation by more than a minute', async () => {
    const verifier = client.introspectionVerifier()
    const token = await client.api.issueToken('frida')
    await verifier.verify(token)
    client.api.revoke(token)
    client.clock.advance(60 * SECOND - 1)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    client.clock.advance(1)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
  })

  it('is counted from the question, not from a slow answer', async () => {
    const verifier = client.introspectionVerifier()
    const token = await client.api.issueToken('frida')
    client.api.become('slow')
    const asked = nextQuestion()
    const waiting = verifier.verify(token)
    await asked
    client.clock.advance(SECOND)
    client.api.release()
    expect(await waiting).toMatchObject(GOOD)
    client.api.revoke(token)
    client.clock.advance(59 * SECOND)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
  })

  it('never outlives the token, not even by the leeway', async () => {
    const verifier = client.introspectionVerifier()
    const exp = client.clock.now() / 1000 + 30
    const token = await client.api.issueToken('frida', { claims: { exp } })
    const questions = countQuestions()
    await verifier.verify(token)
    client.clock.advance(30 * SECOND - 1)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    expect(questions()).toBe(1)
    client.clock.advance(1)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
    expect(questions()).toBe(2)
  })

  it('against a token is asked for once in five seconds', async () => {
    const verifier = client.introspectionVerifier()
    const questions = countQuestions()
    expect(await verifier.verify('invented')).toMatchObject(REFUSED)
    client.clock.advance(NEGATIVE_MS - 1)
    expect(await verifier.verify('invented')).toMatchObject(REFUSED)
    expect(questions()).toBe(1)
    client.clock.advance(1)
    await verifier.verify('invented')
    expect(questions()).toBe(2)
  })

  it('is asked for once for all who wait', async () => {
    const verifier = client.introspectionVerifier()
    const token = await client.api.issueToken('frida')
    const questions = countQuestions()
    client.api.become('slow')
    const asked = nextQuestion()
    const waiting = Array.from({ length: 200 }, () => verifier.verify(token))
    await asked
    client.api.release()
    for (const verdict of await Promise.all(waiting)) expect(verdict).toMatchObject(GOOD)
    expect(questions()).toBe(1)
  })

  it('belongs to one token: others are asked about', async () => {
    const verifier = client.introspectionVerifier()
    await verifier.verify(await client.api.issueToken('frida'))
    expect(await verifier.verify(await client.api.issueToken('olga'))).toMatchObject({
      value: { subject: 'user-olga' },
    })
  })

  it('is not believed any longer because the clock was set back', async () => {
    const verifier = client.introspectionVerifier()
    const token = await client.api.issueToken('frida')
    await verifier.verify(token)
    client.api.revoke(token)
    client.clock.advance(-MINUTE)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
    client.clock.advance(MINUTE)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
  })
})

describe('An answer that comes too late', () => {
  it('does not undo the refusal that was asked for after it', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const { promise: fetched, resolve: hold } = Promise.withResolvers<void>()
    let calls = 0
    const verifier = client.introspectionVerifier({
      fetch: async (url, request) => {
        calls += 1
        const response = await platformFetch(url, request)
        const text = await response.text()
        if (calls === 1) {
          hold()
          await released
        }
        return { status: response.status, text: async () => text }
      },
    })
    const token = await client.api.issueToken('frida')
    const late = verifier.verify(token)
    await fetched
    client.clock.advance(API_LIMIT_MS)
    client.expire()
    expect(await late).toMatchObject({ failure: { reason: 'upstream_unavailable' } })
    client.api.revoke(token)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
    release()
    client.clock.advance(NEGATIVE_MS)
    await new Promise(setImmediate)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
  })
})

describe('The memory', () => {
  it('forgets what was used least recently', async () => {
    const verifier = client.introspectionVerifier({ capacity: 2 })
    const [first, second, third] = await Promise.all([
      client.api.issueToken('frida'),
      client.api.issueToken('priya'),
      client.api.issueToken('enzo'),
    ])
    for (const token of [first, second, first, third]) await verifier.verify(token)
    const questions = countQuestions()
    await verifier.verify(first)
    await verifier.verify(third)
    expect(questions()).toBe(0)
    await verifier.verify(second)
    expect(questions()).toBe(1)
  })

  it('of good tokens is not pushed out by invented ones', async () => {
    const verifier = client.introspectionVerifier({ capacity: 3 })
    const token = await client.api.issueToken('frida')
    await verifier.verify(token)
    for (let nth = 0; nth < 10; nth++) await verifier.verify(`invented-${nth}`)
    const questions = countQuestions()
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    expect(questions()).toBe(0)
  })
})

describe('What is known without asking', () => {
  it('is nothing, until somebody asked, and again once a minute has passed', async () => {
    const verifier = client.introspectionVerifier()
    const token = await client.api.issueToken('frida')
    const questions = countQuestions()
    expect(await verifier.recall(token)).toBeUndefined()
    expect(await verifier.recall('no token at all')).toBeUndefined()
    expect(questions()).toBe(0)
    await verifier.verify(token)
    expect(await verifier.recall(token)).toMatchObject(GOOD)
    client.clock.advance(POSITIVE_MS)
    expect(await verifier.recall(token)).toBeUndefined()
    expect(questions()).toBe(1)
  })

  it('is a refusal for as long as it is remembered', async () => {
    const verifier = client.introspectionVerifier()
    await verifier.verify('invented')
    expect(await verifier.recall('invented')).toMatchObject(REFUSED)
    client.clock.advance(NEGATIVE_MS)
    expect(await verifier.recall('invented')).toBeUndefined()
  })
})
