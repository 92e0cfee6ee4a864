// What a team sees while it works: sessions appear, images die and come back, leases end, all before one's eyes.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBridge } from '../../../local-bridge/start-bridge.ts'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { createEventLog } from '../../support/event-log.ts'
import { type ImageStandIn, startImage } from '../../support/image-stand-in.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'

const MINUTE = 60_000

const group = (page: Page, name: string) => page.getByRole('region', { name })
const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name })

describe.skipIf(CHROMIUM === undefined)('the page of a team', () => {
  const pages = usePages()
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack()
  })

  afterAll(() => stack[Symbol.asyncDispose]())

  it('shows two clients on three images as they come, with no reload', async () => {
    const page = await pages.open(stack.url)
    await page.getByText('There are no sessions yet.').waitFor()
    for (const image_id of ['pharo', 'cuis', 'squeak']) await stack.image(image_id)
    await stack.session('alice', { name: 'refactoring', image_id: 'pharo' })
    await group(page, 'pharo').getByText('refactoring').waitFor()
    const session_id = await stack.session('bob', { name: 'debugging', image_id: 'cuis' })
    await group(page, 'cuis').getByText('debugging').waitFor()
    await stack.session('bob', { name: 'notes' })
    await group(page, 'No image').getByText('notes').waitFor()
    await group(page, 'squeak').getByText('No session works on this image.').waitFor()
    await stack.run('update_session_state', { session_id, state_data: { text: 'x'.repeat(2000) } })
    await row(page, 'debugging').getByText('revision 2').waitFor()
    await row(page, 'debugging').getByText('2 KB').waitFor()
    await stack.run('update_session_state', { session_id, image_id: 'squeak' })
    await group(page, 'squeak').getByText('debugging').waitFor()
    await stack.run('close_session', { session_id })
    await row(page, 'debugging').waitFor({ state: 'detached' })
    await page.getByLabel('Show closed').check()
    await row(page, 'debugging').getByText('Closed').waitFor()
    const active = page.locator('dt:text-is("Active") + dd')
    await expect.poll(() => active.textContent(), { timeout: 10_000 }).toBe('2')
  })

  it('counts a lease down and shows when it has ended, although nobody says so', async () => {
    await stack.session('carol', { name: 'short', timeout: 600 })
    const page = await pages.open(stack.url)
    await row(page, 'short').getByText('Active').waitFor()
    await row(page, 'short')
      .getByText(/^\d+ min \d\d s left$/)
      .waitFor()
    await page.clock.install()
    await page.clock.fastForward(560_000)
    await row(page, 'short').getByText('Expiring').waitFor()
    await row(page, 'short')
      .getByText(/^\d\d? s left$/)
      .waitFor()
    await page.clock.fastForward(60_000)
    await row(page, 'short').getByText('Expired').waitFor()
  })

  it('tells those who cannot see it what happened', async () => {
    const page = await pages.open(stack.url)
    await group(page, 'pharo').waitFor()
    await stack.session('dave', { name: 'spoken', image_id: 'pharo' })
    await expect
      .poll(() => page.locator('#announcer').textContent(), { timeout: 10_000 })
      .toMatch(/created\./)
  })
})

describe.skipIf(CHROMIUM === undefined)('an image', () => {
  const pages = usePages()
  let stack: PanelStack
  let image: ImageStandIn

  beforeAll(async () => {
    stack = await startPanelStack()
    image = await startImage()
  })

  afterAll(async () => {
    await image[Symbol.asyncDispose]()
    await stack[Symbol.asyncDispose]()
  })

  it('that is killed turns from Connected to Disconnected to Orphaned, and back when it is there again', async () => {
    const bridge = await startBridge({
      listen: 'tcp://127.0.0.1:*',
      upstream: stack.url,
      log: createEventLog().log,
      images: [{ name: 'main', address: image.address }],
    })
    try {
      await stack.session('alice', { name: 'at work', image_id: 'main' })
      const page = await pages.open('about:blank')
      await page.clock.install()
      await page.goto(stack.url)
      const badge = group(page, 'main').locator('.badge.status')
      await expect.poll(() => badge.textContent(), { timeout: 10_000 }).toBe('Connected')
      await image.kill()
      await expect.poll(() => badge.textContent(), { timeout: 15_000 }).toBe('Disconnected')
      await row(page, 'at work').getByText('Active').waitFor()
      await stack.advance(5 * MINUTE)
      await page.clock.fastForward(5 * MINUTE)
      await expect.poll(() => badge.textContent(), { timeout: 10_000 }).toBe('Orphaned')
      await row(page, 'at work').getByText('Orphaned').waitFor()
      await image.start()
      await expect.poll(() => badge.textContent(), { timeout: 15_000 }).toBe('Connected')
      await row(page, 'at work').getByText('Active').waitFor()
    } finally {
      await bridge.stop()
    }
  }, 60_000)
})
