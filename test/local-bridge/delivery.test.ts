import { expect, it } from 'vitest'
import { createDelivery, type DeliveryDependencies } from '../../local-bridge/delivery.ts'
import { LIMITS } from '../../local-bridge/limits.ts'
import type { Errand } from '../../local-bridge/relay.ts'
import { readRequest } from '../../local-bridge/request.ts'
import { systemTimer } from '../../local-bridge/timer.ts'
import { succeed } from '../../src/outcome.ts'
import { fail } from '../../src/protocol/failures.ts'

const AWAY = fail({ reason: 'upstream_unavailable', detail: 'not every session is known' })

/** A replica that is ahead until the machine has had time for something else, and knows no answer. */
function aheadForATurn(): DeliveryDependencies['standby'] {
  let isAhead = true
  setImmediate(() => {
    isAhead = false
  })
  return {
    link: {
      ...{ isUp: () => true, look: async () => true, suspect: async () => true },
      ...{ heard: () => {}, wake: () => {}, lost: () => new Promise(() => {}) },
    },
    isAhead: () => isAhead,
    caughtUp: async () => {},
    answer: () => AWAY,
    passed: (_, reply) => reply,
  }
}

function errandOf(message: object): Errand {
  const read = readRequest([Buffer.from(JSON.stringify(message))])
  if (!read.ok || read.value.to !== 'service') throw new Error('the message cannot be read')
  const request = read.value
  return {
    ...{ requestId: 'r', request, body: request.body, deliveryId: undefined, isOpen: false },
    ...{ abort: new AbortController(), answerBy: systemTimer.ticks() + LIMITS.decideAfterMs },
    ...{ sent: false, isWithdrawn: false, unreachable: undefined },
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
