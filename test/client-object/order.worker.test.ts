// Calls of one client while the directory of its team hangs: inside workerd, through the object.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { LOCAL_TEAM } from '../../src/access/principal.ts'
import { ask, objectOf, openSession } from '../support/engine-door.ts'

/** Lets the directory answer nobody until it is let go. */
async function holdDirectory(): Promise<() => void> {
  const held = Promise.withResolvers<void>()
  let isHeld = false
  void runInDurableObject(env.TEAMS.getByName(LOCAL_TEAM), (_, state) => {
    void state.blockConcurrencyWhile(() => {
      isHeld = true
      return held.promise
    })
  })
  while (!isHeld) await ask('ping', {})
  return held.resolve
}

describe('While the directory hangs', () => {
  it('no call overtakes one that came before it', async () => {
    const image = { image_id: 'hangs', object_registry: { o1: {} } }
    const session_id = await openSession('ordered', image)
    await evictDurableObject(objectOf('ordered'))
    const letGo = await holdDirectory()
    const order: string[] = []
    const sent = async (name: string, parameters: object) => {
      const { result } = await ask('update_session_state', { session_id, ...parameters })
      order.push(name)
      return result.revision
    }
    const first = sent('first', { object_registry: { o1: {}, o2: {} } })
    const second = sent('second', { state_data: { n: 2 } })
    const third = sent('third', { state_data: { n: 3 } })
    expect(await Promise.all([first, second, third])).toEqual([2, 3, 4])
    expect(order).toEqual(['first', 'second', 'third'])
    letGo()
  })
})
