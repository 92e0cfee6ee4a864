// The XPUB that subscribers connect to, with real SUB sockets.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Subscriber } from 'zeromq'
import { openPublisher, type Publisher } from '../../../local-bridge/live/publisher.ts'
import { type Changes, createChanges } from '../../support/changes.ts'

let publisher: Publisher
let subscriptions: string[]
let changes: Changes

beforeEach(async () => {
  subscriptions = []
  changes = createChanges()
  const note = (line: string) => {
    subscriptions.push(line)
    changes.happened()
  }
  const opened = await openPublisher({
    address: { endpoint: 'tcp://127.0.0.1:*', ipv6: false },
    curve: undefined,
    onSubscribed: (subscription) => note(`+${subscription}`),
    onUnsubscribed: (subscription) => note(`-${subscription}`),
  })
  if (!opened.ok) throw new Error(opened.failure.code)
  publisher = opened.value
})

afterEach(() => publisher.close())

function subscriber(topic: string, receiveHighWaterMark = 10_000): Subscriber {
  const socket = new Subscriber({ linger: 0, receiveHighWaterMark })
  socket.connect(publisher.endpoint)
  socket.subscribe(topic)
  return socket
}

/** Resolves when so many subscriptions were told. */
function told(count: number): Promise<readonly string[]> {
  return changes.until(() => subscriptions.length >= count && subscriptions)
}

describe('the publisher', () => {
  it('tells of each subscriber that comes, and of the last one that goes', async () => {
    const [first, second] = [subscriber('clients/ann/'), subscriber('clients/ann/')]
    expect(await told(2)).toEqual(['+clients/ann/', '+clients/ann/'])
    first.close()
    second.subscribe('bridge/')
    expect(await told(3)).toEqual(['+clients/ann/', '+clients/ann/', '+bridge/'])
    second.close()
    expect([...(await told(5))].slice(3).sort()).toEqual(['-bridge/', '-clients/ann/'])
  })

  it('lets a subscriber that does not read lose its own messages, and holds up nobody', async () => {
    const slow = subscriber('t', 1)
    const fast = subscriber('t')
    await told(2)
    const text = 'x'.repeat(10_000)
    const [rounds, each] = [40, 100]
    for (let round = 0; round < rounds; round += 1) {
      for (let n = 0; n < each; n += 1) publisher.publish('t', `${round * each + n} ${text}`)
      for (let n = 0; n < each; n += 1) {
        const [, frame] = await fast.receive()
        expect(Number.parseInt(String(frame), 10)).toBe(round * each + n)
      }
    }
    publisher.publish('t', 'end')
    const [, end] = await fast.receive()
    expect(String(end)).toBe('end')
    // What it finds when it reads at last: the first messages, as far as there was room.
    await slow.receive()
    slow.receiveTimeout = 500
    let kept = 1
    for (;;) {
      const frames = await slow.receive().catch(() => undefined)
      if (frames === undefined) break
      kept += 1
    }
    expect(kept).toBeLessThan(rounds * each)
    slow.close()
    fast.close()
  })

  it('takes no subscription that is longer than a topic can be', async () => {
    const long = subscriber('c'.repeat(2000))
    const fits = subscriber('clients/ann/')
    expect(await told(1)).toEqual(['+clients/ann/'])
    long.close()
    fits.close()
  })
})
