// The order in which calls of one object are answered.

import { describe, expect, it } from 'vitest'
import { createLine } from '../../src/client-object/line.ts'

/** A line, and what was done in it in the order in which it was done. */
function scene() {
  const line = createLine()
  const done: string[] = []
  const waits = new Map<string, PromiseWithResolvers<void>>()
  return {
    done,
    /** Lets the work that waits under this name go on. */
    letGo: (name: string) => waits.get(name)?.resolve(),
    atOnce: (name: string, holds = true) => line.inTurn(holds, () => done.push(name)),
    waiting: (name: string, holds = true) => {
      const wait = Promise.withResolvers<void>()
      waits.set(name, wait)
      return line.inTurn(holds, () => wait.promise.then(() => done.push(name)))
    },
    failing: () =>
      line.inTurn(true, async () => {
        throw new Error('a fault')
      }),
  }
}

describe('a call', () => {
  it('is answered at once while nobody waits', () => {
    const { atOnce, done } = scene()
    expect(atOnce('first')).toBe(1)
    expect(done).toEqual(['first'])
  })

  it('is not overtaken by a later one while it waits for somebody else', async () => {
    const { waiting, atOnce, done, letGo } = scene()
    waiting('first')
    const second = atOnce('second')
    const third = atOnce('third', false)
    letGo('first')
    await Promise.all([second, third])
    expect(done).toEqual(['first', 'second', 'third'])
  })

  it('that waits begins its wait only when it is its turn', async () => {
    const { waiting, atOnce, done, letGo } = scene()
    waiting('first')
    waiting('second')
    const third = atOnce('third')
    letGo('second')
    letGo('first')
    await third
    expect(done).toEqual(['first', 'second', 'third'])
  })

  it('that only reads holds up nobody', async () => {
    const { waiting, atOnce, done, letGo } = scene()
    const read = waiting('read', false)
    atOnce('second')
    letGo('read')
    await read
    expect(done).toEqual(['second', 'read'])
  })

  it('is answered although the one before it fails', async () => {
    const { failing, atOnce, done } = scene()
    const failed = failing()
    const second = atOnce('second')
    await expect(failed).rejects.toThrow('a fault')
    await second
    expect(done).toEqual(['second'])
  })

  it('is answered at once again when those before it are done', async () => {
    const { waiting, atOnce, letGo } = scene()
    const first = waiting('first')
    letGo('first')
    await first
    await Promise.resolve()
    expect(atOnce('second')).toBe(2)
  })
})
