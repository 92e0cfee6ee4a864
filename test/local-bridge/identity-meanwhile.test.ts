// What happens while the STUI API is asked about a token, by an API that answers when the test says so.

import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createIdentity } from '../../local-bridge/identity.ts'
import { LOCAL_PRINCIPAL, type Principal } from '../../src/access/principal.ts'
import type { Access } from '../../src/access/verifier.ts'
import { succeed } from '../../src/outcome.ts'
import { createEventLog } from '../support/event-log.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { createManualTimer } from '../support/manual-timer.ts'

const GOOD: Access<Principal> = succeed(LOCAL_PRINCIPAL)
const REFUSED = {
  ok: false,
  failure: { reason: 'unauthenticated', detail: 'it is not known' },
} as const

function startIdentity() {
  const timer = createManualTimer()
  const asked: { readonly token: string; answer(verdict: Access<Principal>): void }[] = []
  let token = 'old'
  const identity = createIdentity(
    {
      source: { read: () => succeed(token), advice: 'get another one' },
      check: (token) => {
        const { promise, resolve } = Promise.withResolvers<Access<Principal>>()
        asked.push({ token, answer: resolve })
        return promise
      },
      ...{ clock: fixedClock(), timer, chance: () => 0.5, log: createEventLog().log },
    },
    token
  )
  return {
    ...{ identity, timer, asked },
    write: (text: string) => {
      token = text
    },
  }
}

it('a token that comes while another one is asked about is asked about for the message that waits', async () => {
  const { identity, asked, write } = startIdentity()
  void identity.look()
  write('new')
  const admitted = identity.admit()
  asked[0]?.answer(REFUSED)
  await setImmediate()
  expect(asked.map(({ token }) => token)).toEqual(['old', 'new'])
  asked[1]?.answer(GOOD)
  expect(await admitted).toEqual(succeed('new'))
  identity.stop()
})

it('an identity that was stopped while a message waited for it looks no more', async () => {
  const { identity, asked, timer } = startIdentity()
  const first = identity.look()
  asked[0]?.answer(GOOD)
  await first
  void identity.look()
  const reconsidered = identity.reconsider('old')
  identity.stop()
  asked[1]?.answer(GOOD)
  expect(await reconsidered).toBeUndefined()
  expect(timer.pending()).toBe(0)
})
