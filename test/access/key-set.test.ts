// The keys of the STUI API: kept, rotated, withdrawn, and away.

import { decodeProtectedHeader, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeSigningKey } from '../../local-bridge/stack/stui-api/keys.ts'
import { LONGEST_PAUSE_MS } from '../../src/access/back-off.ts'
import {
  createKeySet,
  KEYS_LOOKS,
  KEYS_MAX_AGE_MS,
  KEYS_STALE_MS,
  type KeyName,
} from '../../src/access/key-set.ts'
import { API_LIMIT_MS, type Fetch } from '../../src/access/stui-api.ts'
import { FAILURES } from '../../src/http/failure-limits.ts'
import { DAY, MINUTE } from '../support/fixed-clock.ts'
import { type ApiClient, platformFetch, startApiClient } from '../support/stui-api-client.ts'
import type { Fault } from '../support/stui-api-faults.ts'
import { AWAY, GOOD, REFUSED } from '../support/verdicts.ts'

let client: ApiClient

beforeAll(async () => {
  client = await startApiClient()
})

afterEach(() => client.api.release())

afterAll(() => client.api.stop())

/** A token that outlives everything a test does. */
function lastingToken() {
  return client.api.issueToken('frida', { claims: { exp: client.clock.now() / 1000 + DAY } })
}

async function tokenOfUnknownKey() {
  const { kid, privateKey } = await makeSigningKey('ES256')
  return new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
}

/** Counts the requests for keys from now on. */
function countFetches() {
  const before = client.api.requests('/jwks')
  return () => client.api.requests('/jwks') - before
}

describe('Keys', () => {
  it('are fetched once for all who wait', async () => {
    const { api } = client
    const verifier = client.jwtVerifier()
    const token = await lastingToken()
    const fetches = countFetches()
    api.become('slow')
    const waiting = Array.from({ length: 50 }, () => verifier.verify(token))
    await api.arrived('/jwks', api.requests('/jwks') + 1 - fetches())
    api.release()
    for (const verified of await Promise.all(waiting)) expect(verified).toMatchObject(GOOD)
    expect(fetches()).toBe(1)
  })

  it('are kept for ten minutes, then fetched again', async () => {
    const verifier = client.jwtVerifier()
    const token = await lastingToken()
    const fetches = countFetches()
    await verifier.verify(token)
    client.clock.advance(KEYS_MAX_AGE_MS - 1)
    await verifier.verify(token)
    expect(fetches()).toBe(1)
    client.clock.advance(1)
    await verifier.verify(token)
    expect(fetches()).toBe(2)
  })

  it('are fetched at once when a token is signed with a new one', async () => {
    const verifier = client.jwtVerifier()
    const old = await lastingToken()
    await verifier.verify(old)
    await client.api.rotate()
    const fetches = countFetches()
    const verdicts = await Promise.all([
      verifier.verify(await lastingToken()),
      verifier.verify(await lastingToken()),
      verifier.verify(old),
    ])
    for (const verdict of verdicts) expect(verdict).toMatchObject(GOOD)
    expect(fetches()).toBe(1)
  })

  it('that are invented cost twenty fetches at once, then one a second', async () => {
    const verifier = client.jwtVerifier()
    await verifier.verify(await lastingToken())
    const invented = await Promise.all(
      Array.from({ length: KEYS_LOOKS.atOnce + 5 }, tokenOfUnknownKey)
    )
    const fetches = countFetches()
    for (const token of invented) expect(await verifier.verify(token)).toMatchObject(REFUSED)
    expect(fetches()).toBe(KEYS_LOOKS.atOnce)
    client.clock.advance(KEYS_LOOKS.everyMs)
    for (const token of invented) expect(await verifier.verify(token)).toMatchObject(REFUSED)
    expect(fetches()).toBe(KEYS_LOOKS.atOnce + 1)
  })

  it('that one address invents as fast as it may do not hide a rotation', async () => {
    const verifier = client.jwtVerifier()
    await verifier.verify(await lastingToken())
    for (let n = 0; n < FAILURES.burst + FAILURES.perMinute; n += 1) {
      await verifier.verify(await tokenOfUnknownKey())
      if (n >= FAILURES.burst) client.clock.advance(MINUTE / FAILURES.perMinute)
    }
    await client.api.rotate()
    expect(await verifier.verify(await lastingToken())).toMatchObject(GOOD)
  })

  it('that were withdrawn are not trusted for longer than ten minutes', async () => {
    const verifier = client.jwtVerifier()
    const token = await lastingToken()
    await verifier.verify(token)
    await client.api.rotate({ withdrawOld: true })
    client.clock.advance(KEYS_MAX_AGE_MS)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
  })

  it('are not trusted any longer because the clock was set back', async () => {
    const verifier = client.jwtVerifier()
    const token = await lastingToken()
    await verifier.verify(token)
    await client.api.rotate({ withdrawOld: true })
    client.clock.advance(-MINUTE)
    expect(await verifier.verify(token)).toMatchObject(REFUSED)
    client.clock.advance(MINUTE)
  })
})

describe('While the STUI API is away', () => {
  it.each<Fault>(['error', 'garbage', 'nonsense', 'redirect', 'down'])(
    'with the fault "%s", nobody comes in before keys are known',
    async (fault) => {
      const token = await lastingToken()
      client.api.become(fault)
      expect(await client.jwtVerifier().verify(token)).toMatchObject(AWAY)
      expect(await client.jwtVerifier({ discovered: true }).verify(token)).toMatchObject(AWAY)
    }
  )

  it('and hangs, nobody waits longer than the limit', async () => {
    const verifier = client.jwtVerifier()
    const token = await lastingToken()
    client.api.become('hang')
    const asked = client.api.arrived('/jwks', client.api.requests('/jwks') + 1)
    const waiting = Promise.all([verifier.verify(token), verifier.verify(token)])
    await asked
    client.expire()
    for (const verdict of await waiting) expect(verdict).toMatchObject(AWAY)
  })

  it('it is asked less and less often, and noticed within seconds when it is back', async () => {
    const verifier = client.jwtVerifier()
    const token = await lastingToken()
    const fetches = countFetches()
    client.api.become('error')
    for (let second = 0; second < 60; second++) {
      expect(await verifier.verify(token)).toMatchObject(AWAY)
      client.clock.advance(1000)
    }
    expect(fetches()).toBeLessThanOrEqual(10)
    client.api.release()
    client.clock.advance(LONGEST_PAUSE_MS)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
  })

  it('known keys go on for an hour, and no longer', async () => {
    const verifier = client.jwtVerifier()
    const token = await lastingToken()
    await verifier.verify(token)
    client.api.become('down')
    client.clock.advance(KEYS_MAX_AGE_MS)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    client.clock.advance(KEYS_STALE_MS - KEYS_MAX_AGE_MS - MINUTE)
    expect(await verifier.verify(token)).toMatchObject(GOOD)
    client.clock.advance(MINUTE)
    expect(await verifier.verify(token)).toMatchObject(AWAY)
  })

  it('a token of an unknown key is not called wrong: nobody could look', async () => {
    const verifier = client.jwtVerifier()
    await verifier.verify(await lastingToken())
    client.api.become('error')
    expect(await verifier.verify(await tokenOfUnknownKey())).toMatchObject(AWAY)
  })
})

describe('Keys that come too late', () => {
  it('do not bring back one that was withdrawn meanwhile', async () => {
    const { issuer, jwksUrl } = client.api
    const { clock, limit } = client
    const answers: PromiseWithResolvers<string>[] = []
    const published: string[] = []
    const fetch: Fetch = async (url, request) => {
      const response = await platformFetch(url, request)
      published.push(await response.text())
      const answer = Promise.withResolvers<string>()
      answers.push(answer)
      const text = await answer.promise
      return { status: 200, text: async () => text }
    }
    const keys = createKeySet({ issuer, jwksUrl, fetch, clock, limit })
    const old = decodeProtectedHeader(await lastingToken()) as KeyName
    const late = keys.find(old)
    await expect.poll(() => published.length).toBe(1)
    clock.advance(API_LIMIT_MS)
    client.expire()
    expect(await late).toMatchObject(AWAY)
    await client.api.rotate({ withdrawOld: true })
    const newer = decodeProtectedHeader(await lastingToken()) as KeyName
    const found = keys.find(newer)
    await expect.poll(() => published.length).toBe(2)
    answers[1]?.resolve(published[1] ?? '')
    expect(await found).toMatchObject({ ok: true })
    answers[0]?.resolve(published[0] ?? '')
    await new Promise(setImmediate)
    const again = keys.find(old)
    await Promise.race([again, expect.poll(() => published.length).toBe(3)])
    answers[2]?.resolve(published[2] ?? '')
    expect(await again).toMatchObject(REFUSED)
  })
})
