// What happens to tokens while the STUI API is away.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../support/fixed-clock.ts'
import { type ApiClient, startApiClient } from '../support/stui-api-client.ts'
import { AWAY, GOOD, REFUSED } from '../support/verdicts.ts'

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

describe('While the STUI API is away', () => {
  it('and no grace is given, a token goes on for its minute and is then refused', async () => {
    const verifier = client.introspectionVerifier()
    const token = await client.api.issueToken('frida')
    await verifier.verify(token)
    client.api.become('down')
    client.clock.advance(59 * SECOND)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    client.clock.advance(SECOND)
    expect(await verifier.verify(token)).toMatchObject(AWAY)
    client.api.release()
    expect(await verifier.verify(token)).toMatchObject(GOOD)
  })

  it('a token that was good goes on through the grace, and no longer', async () => {
    const verifier = client.introspectionVerifier({ graceMs: 10 * MINUTE })
    const token = await client.api.issueToken('frida')
    await verifier.verify(token)
    client.api.become('error')
    client.clock.advance(10 * MINUTE - 1)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    client.clock.advance(1)
    expect(await verifier.verify(token)).toMatchObject(AWAY)
  })

  it('no grace goes past the end of a token', async () => {
    const verifier = client.introspectionVerifier({ graceMs: 60 * MINUTE })
    const exp = client.clock.now() / 1000 + 120
    const token = await client.api.issueToken('frida', { claims: { exp } })
    await verifier.verify(token)
    client.api.become('down')
    client.clock.advance(119 * SECOND)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    client.clock.advance(SECOND)
    expect(await verifier.verify(token)).toMatchObject(AWAY)
  })

  it('no grace is given to tokens that nobody knows', async () => {
    const verifier = client.introspectionVerifier({ graceMs: 60 * MINUTE })
    await verifier.verify(await client.api.issueToken('frida'))
    client.api.become('down')
    expect(await verifier.verify(await client.api.issueToken('priya'))).toMatchObject(AWAY)
    expect(await verifier.verify('invented')).toMatchObject(AWAY)
  })

  it('no grace is given to a token that was seen revoked', async () => {
    const verifier = client.introspectionVerifier({ graceMs: 60 * MINUTE })
    const token = await client.api.issueToken('frida')
    await verifier.verify(token)
    client.api.revoke(token)
    client.clock.advance(MINUTE)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
    client.api.become('down')
    client.clock.advance(MINUTE)
    expect(await verifier.verify(token)).toMatchObject(AWAY)
  })

  it('and hangs, those who are known wait once, then not again for a while', async () => {
    const verifier = client.introspectionVerifier({ graceMs: 10 * MINUTE })
    const token = await client.api.issueToken('frida')
    await verifier.verify(token)
    client.clock.advance(MINUTE)
    client.api.become('hang')
    const questions = countQuestions()
    const asked = client.api.arrived('/introspect', client.api.requests('/introspect') + 1)
    const waiting = verifier.verify(token)
    await asked
    client.expire()
    expect(await waiting).toMatchObject(GOOD)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    expect(questions()).toBe(1)
  })

  it('and comes back, a revocation is noticed within seconds', async () => {
    const verifier = client.introspectionVerifier({ graceMs: 10 * MINUTE })
    const token = await client.api.issueToken('frida')
    await verifier.verify(token)
    client.clock.advance(MINUTE)
    client.api.become('down')
    for (let nth = 0; nth < 5; nth++) {
      expect(await verifier.verify(token)).toMatchObject(GOOD)
      client.clock.advance(8 * SECOND)
    }
    client.api.revoke(token)
    client.api.release()
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
  })
})
