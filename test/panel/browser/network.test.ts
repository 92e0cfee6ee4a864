// A page whose service goes away and comes back.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name })

describe.skipIf(CHROMIUM === undefined)('a page whose service is away', () => {
  const pages = usePages()
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack({ data: temporaryFolder() })
  })

  afterAll(() => stack[Symbol.asyncDispose]())

  it('says so, keeps what it knows, and is live again by itself with what happened meanwhile', async () => {
    const session_id = await stack.session('alice', { name: 'kept' })
    const page = await pages.open(`${stack.url}/#client=alice`)
    await row(page, 'kept').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await stack.down()
    await page.getByText('Offline', { exact: true }).waitFor()
    await page
      .getByRole('alert')
      .getByText(/^The service cannot be reached, or/)
      .waitFor()
    await row(page, 'kept').getByText('Active').waitFor()
    await row(page, 'kept')
      .getByRole('button', { name: /^Actions for/ })
      .click()
    await page.getByRole('menuitem', { name: 'Close' }).click()
    await page
      .getByRole('alert')
      .getByText(/Nothing was lost/)
      .waitFor()
    await stack.up()
    await stack.run('update_session_state', { session_id, name: 'changed meanwhile' })
    await page.getByText('Live', { exact: true }).waitFor()
    await row(page, 'changed meanwhile').getByText('Active').waitFor()
    expect(await page.getByText(/^The service cannot be reached, or/).isVisible()).toBe(false)
  })

  it('finds a network that is gone although no connection was closed', async () => {
    await stack.session('bob', { name: 'far away' })
    const page = await pages.open(`${stack.url}/#client=bob`)
    await row(page, 'far away').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.context().setOffline(true)
    await page.getByText('Offline', { exact: true }).waitFor({ timeout: 15_000 })
    await page.context().setOffline(false)
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 15_000 })
  }, 40_000)

  it('shows what there is where no socket can be opened at all', async () => {
    await stack.session('eve', { name: 'still seen' })
    const page = await pages.open('about:blank')
    await page.routeWebSocket(/\/v1\/events/, (socket) => socket.close({ code: 1011 }))
    await page.goto(`${stack.url}/#client=eve`)
    await row(page, 'still seen').getByText('Active').waitFor()
    await page
      .getByRole('alert')
      .getByText(/takes no further connection/)
      .waitFor()
  })

  it('says so if it was never there, and begins when it is', async () => {
    await stack.session('carol', { name: 'at last' })
    const page = await pages.open('about:blank')
    await page.route('**/panel/config.json', (route) => route.abort())
    await page.goto(`${stack.url}/#client=carol`)
    await page
      .getByRole('alert')
      .getByText(/^The service cannot be reached\./)
      .waitFor()
    await page.unroute('**/panel/config.json')
    await page.getByRole('button', { name: 'Try again' }).click()
    await row(page, 'at last').waitFor()
  })

  it('whose list is refused says why, and asks again when it is told to', async () => {
    await stack.session('dora', { name: 'patient' })
    const page = await pages.open('about:blank')
    const envelope = { status: 'error', error: 'The service failed.', error_code: 'internal_error' }
    await page.route('**/v1/messages', (route) => route.fulfill({ json: envelope, status: 500 }))
    await page.goto(`${stack.url}/#client=dora`)
    await page.getByRole('alert').getByText('The service failed.').waitFor()
    expect(await page.getByText('Loading the sessions…').isVisible()).toBe(false)
    await page.unroute('**/v1/messages')
    await page.getByRole('button', { name: 'Try again' }).click()
    await row(page, 'patient').waitFor()
  })
})
