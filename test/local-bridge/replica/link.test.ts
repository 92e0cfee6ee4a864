import { describe, expect, it } from 'vitest'
import { createLink, LAST_WAIT_MS, LOOK_MS } from '../../../local-bridge/replica/link.ts'
import { watchNetwork } from '../../../local-bridge/replica/network-watch.ts'
import { createEventLog } from '../../support/event-log.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

/** Lets what was resolved be heard. */
const turns = async () => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve()
}

function startLink(chance = () => 0) {
  const timer = createManualTimer()
  const log = createEventLog()
  const looks: number[] = []
  let isThere: boolean | 'silent' = false
  let renewals = 0
  const link = createLink({
    probe: (signal) => {
      looks.push(timer.ticks())
      if (isThere !== 'silent') return Promise.resolve(isThere)
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(false))
      })
    },
    renew: () => {
      renewals += 1
    },
    timer,
    chance,
    log: log.log,
  })
  return {
    link,
    timer,
    log,
    looks,
    renewals: () => renewals,
    be: (how: boolean | 'silent') => {
      isThere = how
    },
    pass: async (ms: number) => {
      timer.advance(ms)
      await turns()
    },
  }
}

describe('the link to the service', () => {
  it('is looked for ever again: after 100 ms, then twice as long each time, up to 2 s', async () => {
    const { link, looks, pass, renewals } = startLink()
    await link.look()
    for (let step = 0; step < 200; step += 1) await pass(50)
    const waits = looks.slice(1).map((at, index) => at - (looks[index] ?? 0))
    expect(waits).toEqual([100, 200, 400, 800, 1600, 2000, 2000, 2000])
    expect(link.isUp()).toBe(false)
    expect(renewals()).toBe(1)
  })

  it('is looked for up to a quarter earlier by chance, so that bridges do not come all at once', async () => {
    const { link, looks, pass } = startLink(() => 1)
    await link.look()
    for (let step = 0; step < 300; step += 1) await pass(25)
    expect((looks.at(-1) ?? 0) - (looks.at(-2) ?? 0)).toBe(LAST_WAIT_MS * 0.75)
  })

  it('is found again within two seconds of the return of the service', async () => {
    const { link, be, pass, log } = startLink()
    await link.look()
    for (let step = 0; step < 100; step += 1) await pass(100)
    be(true)
    await pass(LAST_WAIT_MS)
    expect(link.isUp()).toBe(true)
    expect(log.of('uplink_up')).toHaveLength(1)
  })

  it('counts as lost when a look is met with silence for a second', async () => {
    const { link, be, pass } = startLink()
    be('silent')
    const found = link.look()
    await pass(LOOK_MS - 1)
    expect(link.isUp()).toBe(true)
    await pass(1)
    expect(await found).toBe(false)
    expect(link.isUp()).toBe(false)
  })

  it('is looked at again at once after a look that was silent for longer than the wait', async () => {
    const { link, be, pass, looks } = startLink()
    be('silent')
    void link.look()
    await pass(LOOK_MS)
    await pass(0)
    expect(looks).toEqual([0, LOOK_MS])
  })

  it('is looked at at once when a request comes, but not for each of many', async () => {
    const { link, be, pass, looks } = startLink()
    await link.look()
    for (let step = 0; step < 70; step += 1) await pass(100)
    const before = looks.length
    be(true)
    await pass(150)
    link.wake()
    link.wake()
    await turns()
    expect(looks).toHaveLength(before + 1)
    expect(link.isUp()).toBe(true)
    link.wake()
    expect(looks).toHaveLength(before + 1)
  })

  it('gets new connections where one was silent although the service is there', async () => {
    const { link, be, renewals } = startLink()
    be(true)
    await link.look()
    expect(renewals()).toBe(0)
    expect(await link.suspect()).toBe(true)
    expect(renewals()).toBe(1)
  })

  it('is there again as soon as an answer comes', async () => {
    const { link } = startLink()
    await link.look()
    const calls: string[] = []
    link.onUp(() => calls.push('up'))
    link.heard()
    expect(link.isUp()).toBe(true)
    expect(calls).toEqual(['up'])
  })

  it('is not lost to a look that found nobody, if the service has answered since it began', async () => {
    const { link, be, pass, log, looks, renewals } = startLink()
    await link.look()
    be('silent')
    await pass(100)
    expect(looks).toHaveLength(2)
    link.heard()
    await pass(LOOK_MS)
    expect(link.isUp()).toBe(true)
    expect(log.of('uplink_down')).toHaveLength(1)
    expect(renewals()).toBe(1)
    // What was heard before a look says nothing against it.
    void link.look()
    await pass(LOOK_MS)
    expect(link.isUp()).toBe(false)
  })

  it('tells those who wait for a service that is lost, and nobody who waits no more', async () => {
    const { link } = startLink()
    const calls: string[] = []
    link.onLost(() => calls.push('waits'))
    link.onLost(() => calls.push('has its answer'))()
    await link.look()
    expect(calls).toEqual(['waits'])
    link.onLost(() => calls.push('comes later'))
    expect(calls).toEqual(['waits', 'comes later'])
  })

  it('is left alone once it was stopped', async () => {
    const { link, timer, looks } = startLink()
    await link.look()
    link.stop()
    timer.advance(60_000)
    expect(looks).toHaveLength(1)
    expect(timer.pending()).toBe(0)
  })
})

describe('a change of the network', () => {
  it('is noticed within a second', () => {
    const timer = createManualTimer()
    let addresses = 'wlan0 10.0.0.7'
    let changes = 0
    const end = watchNetwork(
      timer,
      () => {
        changes += 1
      },
      () => addresses
    )
    timer.advance(5000)
    expect(changes).toBe(0)
    addresses = 'wlan0 192.168.1.20'
    timer.advance(1000)
    timer.advance(5000)
    expect(changes).toBe(1)
    end()
    expect(timer.pending()).toBe(0)
  })
})
