// Where people sign in: asked for once for all who want to know, and nobody waits for what another request began.

import { describe, expect, it } from 'vitest'
import { createSignInPage } from '../../src/access/sign-in.ts'
import { API_LIMIT_MS, type Fetch } from '../../src/access/stui-api.ts'
import { fixedClock, MINUTE } from '../support/fixed-clock.ts'
import { handLimit } from '../support/stui-api-client.ts'

const issuer = 'https://stui.test'

/** What the STUI API publishes while people sign in there. */
const publishing = (authorization_endpoint: string) => ({
  status: 200,
  text: async () =>
    JSON.stringify({
      ...{ issuer, jwks_uri: `${issuer}/jwks`, token_endpoint: `${issuer}/token` },
      authorization_endpoint,
    }),
})

type Answer = Awaited<ReturnType<Fetch>>

/** Who wants to know, and a STUI API that answers each request when a test lets it. */
function scene() {
  const clock = fixedClock()
  const hand = handLimit()
  const requests: PromiseWithResolvers<Answer>[] = []
  const signInPage = createSignInPage(clock, hand.limit)
  const fetch: Fetch = () => {
    const request = Promise.withResolvers<Answer>()
    requests.push(request)
    return request.promise
  }
  return {
    ...{ clock, requests, expire: hand.expire },
    ask: () => signInPage({ fetch, issuer }),
    answer: (nth: number, page: string) => requests[nth]?.resolve(publishing(page)),
  }
}

describe('The page where people sign in', () => {
  it('is asked for once for all who want to know, and believed for a minute', async () => {
    const { ask, answer, requests, clock } = scene()
    const waiting = [ask(), ask()]
    answer(0, `${issuer}/authorize`)
    expect(await Promise.all(waiting)).toEqual([`${issuer}/authorize`, `${issuer}/authorize`])
    clock.advance(MINUTE - 1)
    expect(await ask()).toBe(`${issuer}/authorize`)
    expect(requests).toHaveLength(1)
    clock.advance(1)
    const again = ask()
    answer(1, `${issuer}/elsewhere`)
    expect(await again).toBe(`${issuer}/elsewhere`)
  })

  it('keeps nobody waiting whose question went with the request of somebody who left', async () => {
    const { ask, answer, requests, clock, expire } = scene()
    const waiting = [ask(), ask()]
    clock.advance(API_LIMIT_MS)
    expire()
    expect(await Promise.all(waiting)).toEqual([undefined, undefined])
    const again = ask()
    expect(requests).toHaveLength(2)
    answer(1, `${issuer}/authorize`)
    expect(await again).toBe(`${issuer}/authorize`)
  })

  it('is not that of an answer that comes too late', async () => {
    const { ask, answer, clock, expire } = scene()
    const late = ask()
    clock.advance(API_LIMIT_MS)
    expire()
    await late
    const again = ask()
    answer(1, `${issuer}/new`)
    await again
    answer(0, `${issuer}/old`)
    await new Promise(setImmediate)
    expect(await ask()).toBe(`${issuer}/new`)
  })
})
