// How far bridges are behind, on the page: live, as a real bridge loses its network and finds it again.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBridge } from '../../../local-bridge/start-bridge.ts'
import { violations } from '../../support/axe.ts'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { startCuttableLink } from '../../support/cuttable-link.ts'
import { createEventLog } from '../../support/event-log.ts'
import { row } from '../../support/panel-scene.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'
import { connectReq } from '../../support/req-client.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

const MINUTE = 60_000

/** The line beside the client of a session. */
const line = (page: Page, session: string) => row(page, session).locator('.bridge')

describe.skipIf(CHROMIUM === undefined)('the line of a client', () => {
  const pages = usePages()
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack()
    await stack.session('alice', { name: 'one' })
    await stack.session('bob', { name: 'two' })
  })

  afterAll(() => stack[Symbol.asyncDispose]())

  /** Reports as a bridge of alice does. */
  const report = (records: number, refused = 0) =>
    stack.run('report_bridge_status', {
      ...{ bridge_id: 'laptop', name: "Frida's laptop", version: '0.1.0' },
      clients: [
        {
          ...{ client_id: 'alice', records, refused, bytes: records + refused },
          ...(records > 0 && { oldest_at: new Date().toISOString() }),
        },
      ],
    })

  it.each(['', '#client=alice'])(
    'follows what a bridge reports, with no reload: /%s',
    async (hash) => {
      const page = await pages.open(`${stack.url}/${hash}`)
      await row(page, 'one').waitFor()
      await report(0)
      await line(page, 'one').getByText("bridge in step (Frida's laptop)").waitFor()
      await report(12)
      await line(page, 'one')
        .getByText(/^12 changes wait on Frida's laptop since \d\d:\d\d$/)
        .waitFor()
      await expect
        .poll(() => page.locator('#announcer').textContent())
        .toMatch(/alice: 12 changes wait on Frida's laptop/)
      await report(0, 3)
      await line(page, 'one').getByText("3 refused on Frida's laptop").waitFor()
      if (hash === '') expect(await line(page, 'two').isHidden()).toBe(true)
    }
  )

  it('says for how long a bridge was not heard, and is gone with a bridge that took its leave', async () => {
    const page = await pages.open(stack.url)
    await report(1)
    await line(page, 'one')
      .getByText(/^1 change waits/)
      .waitFor()
    await stack.advance(4 * MINUTE)
    await line(page, 'one')
      .getByText(/, not heard from for 4 min$/)
      .waitFor()
    await stack.run('report_bridge_status', { bridge_id: 'laptop', version: '1', clients: [] })
    await line(page, 'one').waitFor({ state: 'hidden' })
  })

  it('stands once for each client and image, beside the first of its sessions that is shown', async () => {
    await stack.session('alice', { name: 'another' })
    await stack.session('alice', { name: 'on an image', image_id: 'pharo' })
    await report(0)
    const page = await pages.open(stack.url)
    await line(page, 'one').waitFor()
    await line(page, 'on an image').waitFor()
    expect(await line(page, 'another').isHidden()).toBe(true)
    await page.getByLabel('Filter').fill('another')
    await line(page, 'another').waitFor()
  })

  it('is to be read by everybody, by day and by night, on a phone and on a desk', async () => {
    const page = await pages.open(stack.url)
    for (const { kind, records, refused } of [
      { kind: 'in_step', records: 0, refused: 0 },
      { kind: 'behind', records: 1200, refused: 0 },
      { kind: 'stuck', records: 1200, refused: 3 },
    ]) {
      await report(records, refused)
      await page.locator(`.bridge[data-kind="${kind}"]`).first().waitFor()
      expect(await violations(page)).toEqual([])
    }
    await page.setViewportSize({ width: 360, height: 800 })
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(360)
  })
})

describe.skipIf(CHROMIUM === undefined)('a bridge that loses the service', () => {
  const pages = usePages()

  it('is shown as not heard from, and in step once everything has arrived', async () => {
    await using stack = await startPanelStack()
    const link = await startCuttableLink(stack.url)
    const log = createEventLog()
    const bridge = await startBridge({
      ...{ listen: 'tcp://127.0.0.1:*', upstream: link.url, log: log.log },
      replica: { folder: temporaryFolder() },
      reportPace: { gapMs: 0, heartbeatMs: MINUTE },
    })
    const tui = connectReq(bridge.endpoint)
    try {
      const created = await tui.ask({
        ...{ id: 1, command: 'create_session' },
        parameters: { client_id: 'alice', name: 'at work' },
      })
      const page = await pages.open(stack.url)
      await line(page, 'at work').getByText('bridge in step').waitFor()
      await link.cut()
      const parameters = { session_id: created.result?.session_id, state_data: { n: 1 } }
      const kept = await tui.ask({ id: 2, command: 'update_session_state', parameters })
      expect(kept.meta).toMatchObject({ persistence: 'journaled' })
      await stack.advance(2 * MINUTE)
      await line(page, 'at work').getByText('bridge not heard from for 2 min').waitFor()
      await link.mend()
      await row(page, 'at work').getByText('revision 2').waitFor()
      await line(page, 'at work').getByText('bridge in step').waitFor()
    } finally {
      tui.close()
      await bridge.stop()
      await link.cut()
    }
  }, 60_000)
})
