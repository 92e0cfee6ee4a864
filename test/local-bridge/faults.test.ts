// What a message leaves behind at which the bridge itself fails: nothing that others wait for.

import { describe, expect, it } from 'vitest'
import { createBridge } from '../../local-bridge/bridge.ts'
import { LIMITS } from '../../local-bridge/limits.ts'
import { createPeerOrder } from '../../local-bridge/peer-order.ts'
import { createUpstream } from '../../local-bridge/upstream.ts'
import { succeed } from '../../src/outcome.ts'
import { createEventLog } from '../support/event-log.ts'

/** A bridge that cannot make the ids of its calls until it is told that it can. */
function startBroken() {
  let isBroken = true
  const told = succeed({ bytes: Buffer.from('{"status":"success"}'), outcome: 'success' })
  const inside = new Set<string>()
  const bridge = createBridge({
    upstream: { ...createUpstream({ url: 'http://127.0.0.1' }), send: async () => told },
    ...{ clock: { now: () => 0 }, log: createEventLog().log, limits: { ...LIMITS, requests: 2 } },
    newId: () => {
      const isOfCall = inside.delete('message') && isBroken
      if (isOfCall) throw new Error('no entropy')
      inside.add('message')
      return 'id'
    },
  })
  return {
    ask: async (id: number) => {
      const text = JSON.stringify({ id, command: 'ping', parameters: {} })
      return JSON.parse(String(await bridge.answer(Buffer.from('peer'), [Buffer.from(text)])))
    },
    mend: () => {
      isBroken = false
      inside.clear()
    },
  }
}

describe('a message at which the bridge fails', () => {
  it('holds no place of those that come behind it', async () => {
    const { ask, mend } = startBroken()
    for (const id of [1, 2, 3]) {
      expect(await ask(id)).toMatchObject({ id, error_code: 'internal_error' })
    }
    mend()
    expect(await ask(4)).toMatchObject({ status: 'success' })
  })

  it('is answered behind what its peer sent before, and what comes next behind that too', async () => {
    const order = createPeerOrder()
    const first = Promise.withResolvers<void>()
    const answered: string[] = []
    const note = (name: string) => () => void answered.push(name)
    const all = [
      order.inOrder('peer', () => first.promise).then(note('first')),
      order.inOrder('peer', () => Promise.reject(new Error('a fault'))).catch(note('fault')),
      order.inOrder('peer', async (turn) => turn).then(note('next')),
    ]
    await new Promise(setImmediate)
    first.resolve()
    await Promise.all(all)
    expect(answered).toEqual(['first', 'fault', 'next'])
  })
})
