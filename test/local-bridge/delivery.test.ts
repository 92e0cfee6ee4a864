import { describe, expect, it } from 'vitest'
import { createDelivery, type DeliveryDependencies } from '../../local-bridge/delivery.ts'
import { LIMITS } from '../../local-bridge/limits.ts'
import type { Errand } from '../../local-bridge/relay.ts'
import { readRequest } from '../../local-bridge/request.ts'
import { systemTimer } from '../../local-bridge/timer.ts'
import { succeed } from '../../src/outcome.ts'
import { fail } from '../../src/protocol/failures.ts'
import { createManualTimer } from '../support/manual-timer.ts'

const AWAY = fail({ reason: 'upstream_unavailable', detail: 'not every session is known' })

/** A service that is there and a replica that knows no answer. */
function startStandby() {
  const waiting = new Set<() => void>()
  const standby: DeliveryDependencies['standby'] = {
    link: {
      ...{ isUp: () => true, look: async () => true, suspect: async () => true },
      ...{ heard: () => {}, wake: () => {} },
      onLost: (call) => {
        waiting.add(call)
        return () => waiting.delete(call)
      },
    },
    isAhead: () => false,
    caughtUp: async () => {},
    answer: () => AWAY,
    passed: (_, reply) => reply,
  }
  return { standby, waiting }
}

/** The same, with a replica that is ahead until the machine has had time for something else. */
function aheadForATurn(): DeliveryDependencies['standby'] {
  let isAhead = true
  setImmediate(() => {
    isAhead = false
  })
  return { ...startStandby().standby, isAhead: () => isAhead }
}

function errandOf(message: object): Errand {
  const read = readRequest([Buffer.from(JSON.stringify(message))])
  if (!read.ok || read.value.to !== 'service') throw new Error('the message cannot be read')
  const request = read.value
  return {
    ...{ requestId: 'r', request, body: request.body, deliveryId: undefined, isOpen: false },
    ...{ abort: new AbortController(), answerBy: systemTimer.ticks() + LIMITS.decideAfterMs },
    ...{ sent: false, unreachable: undefined },
  }
}

it('a message that waits for others to be delivered lets them be delivered', async () => {
  const told = succeed({ bytes: Buffer.from('{}'), outcome: 'success' })
  const relay = { carry: async () => told, undecided: () => AWAY.failure }
  const standby = aheadForATurn()
  const delivery = createDelivery({ relay, standby, timer: systemTimer, limits: LIMITS })
  const list = { id: 1, command: 'list_client_sessions', parameters: { client_id: 'desk' } }
  expect(await delivery.carry(errandOf(list))).toEqual(told)
})

it('a message that was answered waits for nothing any more', async () => {
  const told = succeed({ bytes: Buffer.from('{}'), outcome: 'success' })
  const { standby, waiting } = startStandby()
  let during = 0
  const carry = async () => {
    await new Promise(setImmediate)
    during = waiting.size
    return told
  }
  const relay = { carry, undecided: () => AWAY.failure }
  const delivery = createDelivery({ relay, standby, timer: systemTimer, limits: LIMITS })
  expect(await delivery.carry(errandOf({ id: 1, command: 'ping' }))).toEqual(told)
  expect({ during, after: waiting.size }).toEqual({ during: 1, after: 0 })
})

it('a message that its client was told to wait no longer for is not carried out here either', async () => {
  const timer = createManualTimer()
  const done = succeed({ bytes: Buffer.from('{}'), outcome: 'success' })
  const { standby } = startStandby()
  let answered = 0
  const own = () => {
    answered += 1
    return done
  }
  const link = { ...standby.link, isUp: () => false }
  const delivery = createDelivery({
    ...{ timer, limits: LIMITS, standby: { ...standby, link, answer: own } },
    relay: { carry: async () => AWAY, undecided: () => AWAY.failure },
  })
  // What its peer sent before has taken all its time.
  const errand = { ...errandOf({ id: 1, command: 'ping' }), answerBy: LIMITS.decideAfterMs }
  timer.advance(LIMITS.decideAfterMs)
  expect(await delivery.carry(errand)).toEqual(AWAY)
  expect(answered).toBe(0)
})

describe('what only the service can do, sent while it is known to be away', () => {
  function startAway() {
    const told = succeed({ bytes: Buffer.from('{}'), outcome: 'success' })
    const timer = createManualTimer()
    const looked = Promise.withResolvers<boolean>()
    const looks = Promise.withResolvers<void>()
    const { standby } = startStandby()
    let isThere = false
    const look = () => {
      looks.resolve()
      return looked.promise
    }
    const link = { ...standby.link, isUp: () => isThere, look }
    const delivery = createDelivery({
      ...{ timer, limits: LIMITS, standby: { ...standby, link } },
      relay: { carry: async () => told, undecided: () => AWAY.failure },
    })
    return {
      ...{ timer, told, looks: looks.promise },
      answer: delivery.carry(errandOf({ id: 1, command: 'get_session_statistics' })),
      isFound: () => {
        isThere = true
        looked.resolve(true)
      },
    }
  }

  it('waits for a look, and is done if the service is there again', async () => {
    const { timer, told, answer, looks, isFound } = startAway()
    await looks
    timer.advance(99)
    isFound()
    expect(await answer).toEqual(told)
  })

  it('is refused if the look takes longer than a moment', async () => {
    const { timer, answer, looks } = startAway()
    await looks
    timer.advance(100)
    expect(await answer).toMatchObject({ ok: false, failure: { reason: 'upstream_unavailable' } })
  })
})
