import { describe, expect, it } from 'vitest'
import { IMAGE_LIMITS } from '../../../local-bridge/images/image-limits.ts'
import { createImageWindow } from '../../../local-bridge/images/image-window.ts'
import { createManualTimer } from '../../support/manual-timer.ts'

const body = (text: string) => Buffer.from(text)

/** A window whose socket takes what it is given, or nothing. */
function openWindow(limits: Partial<typeof IMAGE_LIMITS> = {}) {
  const timer = createManualTimer()
  const sent: { number: number; text: string }[] = []
  let takes = true
  const window = createImageWindow({
    name: 'main',
    timer,
    limits: { ...IMAGE_LIMITS, ...limits },
    send: async (number, bytes) => {
      if (takes) sent.push({ number, text: String(bytes) })
      return takes
    },
  })
  return {
    window,
    timer,
    sent,
    texts: () => sent.map(({ text }) => text),
    take: (does: boolean) => {
      takes = does
    },
  }
}

describe('the window of an image', () => {
  it('hands one request over at a time, in the order in which they came', async () => {
    const { window, sent, texts } = openWindow()
    window.connected()
    const asked = ['a', 'b', 'c'].map((text) => window.ask(body(text)))
    for (const [nth, { outcome }] of asked.entries()) {
      expect(texts()).toHaveLength(nth + 1)
      window.answered(sent[nth]?.number ?? 0, [body(`to ${texts()[nth]}`)])
      expect(await outcome).toEqual({ ok: true, value: [body(`to ${'abc'[nth]}`)] })
    }
    expect(window.isIdle()).toBe(true)
  })

  it('drops the answer to a request that it does not wait for any more', async () => {
    const { window, sent } = openWindow()
    window.connected()
    const lost = window.ask(body('lost'))
    window.lost('it is gone')
    window.connected()
    const next = window.ask(body('next'))
    expect(window.answered(sent[0]?.number ?? 0, [body('late')])).toBeUndefined()
    expect(window.answered(sent[1]?.number ?? 0, [body('right')])).toBe(0)
    expect(await lost.outcome).toMatchObject({ failure: { may_have_run: true } })
    expect(await next.outcome).toEqual({ ok: true, value: [body('right')] })
  })

  it('waits half a second for a connection and then says why there is none', async () => {
    const { window, timer, texts } = openWindow()
    const { outcome } = window.ask(body('a'))
    window.lost('nobody listens at its address')
    timer.advance(IMAGE_LIMITS.patienceMs)
    expect(IMAGE_LIMITS.patienceMs).toBe(500)
    expect(await outcome).toEqual({
      ok: false,
      failure: {
        ...{ reason: 'image_unreachable', image: 'main', may_have_run: false },
        detail: 'nobody listens at its address',
      },
    })
    window.connected()
    expect(texts()).toEqual([])
  })

  it('gives those that wait for their turn as long when the connection goes', async () => {
    const { window, timer, texts } = openWindow()
    window.connected()
    const [, waiting] = ['a', 'b'].map((text) => window.ask(body(text)))
    timer.advance(10_000)
    expect(window.lost('it is gone')).toBe(true)
    timer.advance(IMAGE_LIMITS.patienceMs - 1)
    window.connected()
    expect(texts()).toEqual(['a', 'b'])
    timer.advance(10_000)
    expect(waiting?.undecided()).toEqual({ reason: 'timeout', after_ms: 4500 })
  })

  it('tries again in a moment if the socket takes nothing yet', async () => {
    const { window, timer, texts, take } = openWindow()
    take(false)
    window.connected()
    window.ask(body('a'))
    window.ask(body('b'))
    await Promise.resolve()
    take(true)
    timer.advance(5)
    expect(texts()).toEqual(['a'])
  })

  it('takes a request back that was not sent, and never one that was', async () => {
    const { window, sent, texts } = openWindow()
    window.connected()
    const [first, second] = ['a', 'b'].map((text) => window.ask(body(text)))
    expect(second?.undecided()).toMatchObject({ may_have_run: false })
    second?.withdraw()
    first?.withdraw()
    expect(await second?.outcome).toMatchObject({ failure: { may_have_run: false } })
    window.answered(sent[0]?.number ?? 0, [body('yes')])
    expect(await first?.outcome).toMatchObject({ ok: true })
    expect(texts()).toEqual(['a'])
  })

  it('is bounded in requests and in bytes', async () => {
    const full = { failure: { reason: 'rate_limited', retry_after_ms: 250 } }
    const few = openWindow({ requests: 1 }).window
    few.ask(body('a'))
    expect(await few.ask(body('b')).outcome).toMatchObject(full)
    const small = openWindow({ bytes: 10 }).window
    small.ask(body('12345'))
    expect(await small.ask(body('123456')).outcome).toMatchObject(full)
    small.ask(body('12345')).withdraw()
    small.ask(body('12345'))
    expect(IMAGE_LIMITS).toMatchObject({ requests: 256, bytes: 16 * 1024 * 1024, images: 64 })
  })

  it("puts the bridge's own question first, and forgets it with the connection", async () => {
    const { window, texts } = openWindow()
    window.ask(body('waiting'))
    const own = window.askFirst(body('own'))
    window.connected()
    expect(texts()).toEqual(['own'])
    const second = window.askFirst(body('second'))
    window.lost('it is gone')
    expect((await Promise.all([own, second])).map(({ ok }) => ok)).toEqual([false, false])
  })

  it("keeps the bridge's own question for a connection that does not take it at once", async () => {
    const { window, timer, texts, sent, take } = openWindow()
    const own = window.askFirst(body('own'))
    take(false)
    window.connected()
    window.ask(body('a'))
    await Promise.resolve()
    take(true)
    timer.advance(5)
    expect(texts()).toEqual(['own'])
    window.answered(sent[0]?.number ?? 0, [body('yes')])
    expect(await own).toEqual({ ok: true, value: [body('yes')] })
  })

  it('leaves nobody waiting when it is closed', async () => {
    const { window, timer } = openWindow()
    window.connected()
    const asked = ['a', 'b'].map((text) => window.ask(body(text)).outcome)
    window.close()
    expect(await Promise.all(asked)).toMatchObject([
      { failure: { may_have_run: true } },
      { failure: { may_have_run: false } },
    ])
    expect(timer.pending()).toBe(0)
  })
})
