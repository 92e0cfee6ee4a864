// What the page costs: bytes of the first load, jumps of the layout, and time in which it does not answer, with many sessions.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'

const SESSIONS = 500
const IMAGES = 10
const CLIENTS = 20

/** The figures. */
const FIRST_LOAD_BYTES = 50_000
const LONG_TASK_MS = 100

/** What counts as no layout shift (web.dev: 0.1 is good; 0.01 is nothing that one sees). */
const SHIFT = 0.01

type Measured = { shift: number; tasks: number[] }

/** Runs in the page before anything else. */
function measure(): void {
  const measured: Measured = { shift: 0, tasks: [] }
  Object.assign(window, { measured })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if ('value' in entry && typeof entry.value === 'number') measured.shift += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) measured.tasks.push(duration)
  }).observe({ type: 'longtask', buffered: true })
}

describe.skipIf(CHROMIUM === undefined)('with 500 sessions', () => {
  const pages = usePages()
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack()
    for (let n = 0; n < IMAGES; n += 1) await stack.image(`image-${n}`)
    for (let n = 0; n < SESSIONS; n += CLIENTS) {
      await Promise.all(
        Array.from({ length: CLIENTS }, (_, client) =>
          stack.session(`client-${client}`, {
            name: `session ${n + client}`,
            image_id: `image-${(n + client) % IMAGES}`,
          })
        )
      )
    }
  }, 60_000)

  afterAll(() => stack[Symbol.asyncDispose]())

  it('the page is small, does not jump and is never busy for long', async () => {
    const page = await pages.open('about:blank')
    await page.addInitScript(measure)
    let bytes = 0
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    const files = new Set<string>()
    session.on('Network.responseReceived', ({ requestId, response }) => {
      if (/\/$|\/panel\/(panel|icon)-/.test(response.url)) files.add(requestId)
    })
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (files.has(requestId)) bytes += encodedDataLength
    })
    await page.goto(stack.url)
    await expect.poll(() => page.locator('.session').count(), { timeout: 15_000 }).toBe(SESSIONS)
    await page.waitForFunction(() => document.querySelector('.groups')?.ariaBusy === 'false')
    const measured = await page.evaluate(
      () => (window as unknown as { measured: Measured }).measured
    )
    expect(bytes).toBeGreaterThan(1000)
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES)
    expect(measured.shift).toBeLessThan(SHIFT)
    expect(measured.tasks.filter((ms) => ms > LONG_TASK_MS)).toEqual([])
  }, 40_000)
})
