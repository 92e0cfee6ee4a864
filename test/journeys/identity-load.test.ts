// Who asks, under load: keys that rotate, an STUI API that is away, and revocations, while clients ask without a pause.
// A real Worker and a real STUI API over HTTP; the time is the test's.

import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { RECHECK_MS } from '../../local-bridge/identity.ts'
import { begun, identityFixture } from '../local-bridge/identity-fixture.ts'
import { HOUR, MINUTE } from '../support/fixed-clock.ts'
import { type MovedWorker, startLoad, startMovedWorker, tally } from '../support/moved-worker.ts'
import type { TestApi } from '../support/stui-api.ts'

/** Answers that are looked at after each change. */
const MANY = 150

const AWAY = [
  ['breaks connections', 'down'],
  ['hangs', 'hang'],
  ['fails', 'error'],
] as const

const CLIENTS = ['frida', 'priya', 'enzo'] as const

/** What all clients are told if each is told the same. */
const all = (status: number) => CLIENTS.map((client) => `${client} ${status}`).sort()

/** Lasts longer than any test, so that only keys and verdicts decide. */
function lastingToken({ api, now }: MovedWorker, user: (typeof CLIENTS)[number]) {
  return api.issueToken(user, { claims: { exp: now() / 1000 + (10 * HOUR) / 1000 } })
}

async function tokensFor(worker: MovedWorker) {
  const [frida, priya, enzo] = await Promise.all(CLIENTS.map((user) => lastingToken(worker, user)))
  return { frida: frida ?? '', priya: priya ?? '', enzo: enzo ?? '' }
}

/** Asks with tokens that were never sent before; tells the statuses. */
async function newcomers(worker: MovedWorker): Promise<number[]> {
  const tokens = await Promise.all(CLIENTS.map((user) => lastingToken(worker, user)))
  const asked = tokens.map((token) => worker.ask({ command: 'ping' }, token))
  return (await Promise.all(asked)).map(({ status }) => status)
}

describe('while clients with JSON Web Tokens ask without a pause', () => {
  it('a rotation of the keys refuses nobody', async () => {
    await using worker = await startMovedWorker('jwt')
    await using load = await startLoad(worker, await tokensFor(worker))
    expect(tally(await load.next(MANY))).toEqual(all(200))
    for (const user of CLIENTS) {
      await worker.api.rotate()
      load.give(user, await lastingToken(worker, user))
      expect(tally(await load.next(MANY))).toEqual(all(200))
    }
    // Once at the start, once for each rotation: nobody asked on behalf of a single token.
    expect(worker.api.requests('/jwks')).toBe(1 + CLIENTS.length)
  })

  it('tokens of a withdrawn key are refused ten minutes later at the latest', async () => {
    await using worker = await startMovedWorker('jwt')
    await using load = await startLoad(worker, await tokensFor(worker))
    await worker.api.rotate({ withdrawOld: true })
    await worker.advance(10 * MINUTE - 1)
    expect(tally(await load.next(MANY))).toEqual(all(200))
    await worker.advance(1)
    // The keys are fetched by whoever comes first; nobody who is asked for after that is let in.
    await worker.api.arrived('/jwks', 2)
    expect(tally(await load.next(MANY))).toEqual(all(401))
    load.give('priya', await lastingToken(worker, 'priya'))
    expect(tally(await load.next(MANY))).toEqual(['enzo 401', 'frida 401', 'priya 200'])
  })

  it('tokens of a withdrawn key are refused as soon as a token of the new one was seen', async () => {
    await using worker = await startMovedWorker('jwt')
    await using load = await startLoad(worker, await tokensFor(worker))
    await worker.api.rotate({ withdrawOld: true })
    expect(await newcomers(worker)).toEqual([200, 200, 200])
    expect(tally(await load.next(MANY))).toEqual(all(401))
  })

  it.each(AWAY)(
    'an STUI API that %s refuses nobody for an hour, and lets nobody in after it',
    async (_, fault) => {
      await using worker = await startMovedWorker('jwt')
      await using load = await startLoad(worker, await tokensFor(worker))
      worker.api.become(fault)
      for (const age of [10 * MINUTE, HOUR - 1]) {
        await worker.advance(age - worker.age())
        expect(tally(await load.next(MANY))).toEqual(all(200))
      }
      await worker.advance(1)
      expect(tally(await load.next(MANY))).toEqual(all(503))
    }
  )
})

describe('while clients whose tokens are asked about ask without a pause', () => {
  it('a revoked token is not let in after a minute, and nobody else is refused', async () => {
    await using worker = await startMovedWorker('introspection')
    const tokens = await tokensFor(worker)
    await using load = await startLoad(worker, tokens)
    worker.api.revoke(tokens.priya)
    await worker.advance(MINUTE - 1)
    expect(tally(await load.next(MANY))).toEqual(all(200))
    await worker.advance(1)
    expect(tally(await load.next(MANY))).toEqual(['enzo 200', 'frida 200', 'priya 401'])
    // Two questions for each token, whatever the load.
    expect(worker.api.requests('/introspect')).toBe(2 * CLIENTS.length)
  })

  it.each(AWAY)(
    'an STUI API that %s refuses nobody who is known for a minute, and lets in nobody else',
    async (_, fault) => {
      await using worker = await startMovedWorker('introspection')
      const tokens = await tokensFor(worker)
      await using load = await startLoad(worker, tokens)
      worker.api.become(fault)
      worker.api.revoke(tokens.priya)
      await worker.advance(MINUTE - 1)
      const strangers = newcomers(worker)
      expect(tally(await load.next(MANY))).toEqual(all(200))
      expect(await strangers).toEqual([503, 503, 503])
      await worker.advance(1)
      // A hanging API takes its time for each answer now, so fewer are waited for.
      expect(tally(await load.next(4 * CLIENTS.length))).toEqual(all(503))
      worker.api.release()
      // Whose question was under way when it came back may still wait for the answer.
      await load.next(4 * CLIENTS.length)
      expect(tally(await load.next(MANY))).toEqual(['enzo 200', 'frida 200', 'priya 401'])
    }
  )
})

describe('while a bridge is asked to send many messages at once', () => {
  /** Whether each of many messages may be sent. */
  async function admitted(identity: Awaited<ReturnType<typeof begun>>): Promise<boolean[]> {
    const outcomes = await Promise.all(Array.from({ length: MANY }, () => identity.admit()))
    return [...new Set(outcomes.map(({ ok }) => ok))]
  }

  it.each(AWAY)(
    'an STUI API that %s refuses no message within the grace, and lets none pass after it',
    async (_, fault) => {
      await using fixture = await identityFixture()
      fixture.file.write(await longToken(fixture.api))
      const identity = await begun(fixture)
      fixture.api.become(fault)
      for (let minutes = 0.5; minutes < 5; minutes += 0.5) {
        fixture.pass(MINUTE / 2)
        const sending = admitted(identity)
        // A hanging API is given up by a limit, which the test lets be over.
        await setImmediate()
        fixture.expire()
        expect(await sending).toEqual([true])
      }
      fixture.pass(MINUTE / 2)
      const sending = admitted(identity)
      await setImmediate()
      fixture.expire()
      expect(await sending).toEqual([false])
    }
  )

  it('a revoked token is not sent any more after a minute', async () => {
    await using fixture = await identityFixture()
    const token = await longToken(fixture.api)
    fixture.file.write(token)
    const identity = await begun(fixture)
    fixture.api.revoke(token)
    expect(await admitted(identity)).toEqual([true])
    fixture.pass(RECHECK_MS)
    await fixture.log.nth('token_refused', 1)
    expect(await admitted(identity)).toEqual([false])
    expect(RECHECK_MS).toBeLessThan(MINUTE)
  })
})

/** Of a fixed clock that begins in March 2026. */
function longToken(api: TestApi): Promise<string> {
  return api.issueToken('priya', { claims: { exp: Date.UTC(2027, 0) / 1000 } })
}
