// One piece of work for many that wait for it.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { sharedWork } from '../../src/access/shared-work.ts'
import type { TimeLimit } from '../../src/access/stui-api.ts'
import { fixedClock } from '../support/fixed-clock.ts'
import { handLimit } from '../support/stui-api-client.ts'

const WAIT_MS = 1500

function fixture() {
  const clock = fixedClock()
  const hand = handLimit()
  const signals: WeakRef<AbortSignal>[] = []
  const limit: TimeLimit = (ms) => {
    const signal = hand.limit(ms)
    signals.push(new WeakRef(signal))
    return signal
  }
  const share = sharedWork<string>({ clock, limit, waitMs: WAIT_MS, late: 'late' })
  return { clock, share, signals, expire: hand.expire }
}

/** Collects all memory that nothing leads to. */
function collect() {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

/** Work that ends when it is told to, and counts how often it was begun. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const begun = { times: 0 }
  const begin = () => {
    begun.times += 1
    return promise
  }
  return { begin, begun, resolve, reject }
}

describe('Shared work', () => {
  it('is begun once, and its value given to all', async () => {
    const { share } = fixture()
    const { begin, begun, resolve } = work()
    const waiting = [share('a', begin), share('a', begin), share('a', begin)]
    resolve('done')
    expect(await Promise.all(waiting)).toEqual(['done', 'done', 'done'])
    expect(begun.times).toBe(1)
  })

  it('is begun again when it has ended, and for each key', async () => {
    const { share } = fixture()
    const first = work()
    const other = work()
    first.resolve('first')
    other.resolve('other')
    expect(await share('a', first.begin)).toBe('first')
    expect(await share('b', other.begin)).toBe('other')
    await share('a', first.begin)
    expect([first.begun.times, other.begun.times]).toEqual([2, 1])
  })

  it('that never ends keeps nobody longer than the limit', async () => {
    const { share, expire } = fixture()
    const { begin } = work()
    const waiting = [share('a', begin), share('a', begin)]
    expire()
    expect(await Promise.all(waiting)).toEqual(['late', 'late'])
  })

  it('that is overdue is begun anew, and its late end changes nothing', async () => {
    const { share, clock, expire } = fixture()
    const lost = work()
    const waiting = share('a', lost.begin)
    clock.advance(WAIT_MS)
    expire()
    expect(await waiting).toBe('late')
    const next = work()
    const again = share('a', next.begin)
    lost.resolve('from the past')
    await lost.begin()
    const joined = share('a', next.begin)
    next.resolve('done')
    expect(await Promise.all([again, joined])).toEqual(['done', 'done'])
    expect(next.begun.times).toBe(1)
  })

  it('that never ends leaves nothing behind when others have begun, whatever its key', async () => {
    const { share, clock, signals, expire } = fixture()
    for (const key of ['a', 'b', 'c']) share(key, work().begin)
    clock.advance(WAIT_MS)
    expire()
    await new Promise(setImmediate)
    const { begin, resolve } = work()
    resolve('done')
    expect(await share('d', begin)).toBe('done')
    expire()
    await new Promise(setImmediate)
    collect()
    expect(signals.filter((signal) => signal.deref() !== undefined)).toEqual([])
  })

  it('that fails by a bug fails for all, and is begun again', async () => {
    const { share } = fixture()
    const { begin, reject, begun } = work()
    const waiting = [share('a', begin), share('a', begin)]
    reject(new Error('a bug'))
    for (const result of await Promise.allSettled(waiting)) expect(result.status).toBe('rejected')
    await share('a', begin).catch(() => {})
    expect(begun.times).toBe(2)
  })
})
