// The page of a whole team: what is closed is found there and brought back, by whoever comes later, too.

import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { choose, row } from '../../support/panel-scene.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'

/** Every page of this list is its first one, and it has as many more. */
const ENDLESS = { total_count: 1234, next_cursor: '9999999999999.session_z' }

const showClosed = (page: Page) => page.getByLabel('Show closed').check()

/** A session of bob, closed, of which the directory has heard. */
async function closedSession(stack: PanelStack, name: string): Promise<string> {
  const session_id = await stack.session('bob', { name, image_id: 'pharo' })
  await stack.run('close_session', { session_id })
  const closed = async () => (await stack.run('get_session_statistics', {})).closed_sessions
  await expect.poll(closed, { timeout: 10_000 }).toBe(1)
  return session_id
}

describe.skipIf(CHROMIUM === undefined)('the page of a team', () => {
  const pages = usePages()

  it('that has closed sessions alone says so, lists them, and revives them', async () => {
    await using stack = await startPanelStack()
    const session_id = await closedSession(stack, 'given up')
    const page = await pages.open(stack.url)
    await page.getByText('Nothing is chosen. Change the filter, or show closed sessions.').waitFor()
    await showClosed(page)
    await row(page, 'given up').getByText('Closed').waitFor()
    await page.getByText('1 session', { exact: true }).waitFor()
    await choose(page, 'given up', 'Revive')
    await row(page, 'given up').getByText('Active').waitFor()
    expect((await stack.run('get_session_info', { session_id })).status).toBe('active')
  })

  it('brings back after a reload what was cleaned up before', async () => {
    await using stack = await startPanelStack()
    await stack.image('gone')
    const its = { name: 'swept', image_id: 'gone', timeout: 86_400 }
    const session_id = await stack.session('alice', its)
    await stack.advance(1000)
    for (const status of ['Connected', 'Disconnected']) await stack.image('gone', status)
    await stack.advance(300_000)
    const page = await pages.open(stack.url)
    await row(page, 'swept').getByText('Orphaned').waitFor()
    await page.getByRole('button', { name: 'Clean up gone…' }).click()
    await page.getByRole('button', { name: 'Close 1 session' }).click()
    await page.getByText('1 session of gone closed.').waitFor()
    await page.reload()
    await showClosed(page)
    await choose(page, 'swept', 'Revive')
    await page.getByText('“swept” is active again.').waitFor()
    expect((await stack.run('get_session_info', { session_id })).status).toBe('active')
  })

  it('says how many closed sessions it does not list', async () => {
    await using stack = await startPanelStack()
    await closedSession(stack, 'the newest')
    const page = await pages.open('about:blank')
    await page.route('**/v1/messages', async (route) => {
      const { parameters } = route.request().postDataJSON()
      const response = await route.fetch()
      const reply = await response.json()
      const isEndless = parameters.include === 'closed'
      const result = { ...reply.result, ...(isEndless && ENDLESS) }
      await route.fulfill({ response, json: { ...reply, result } })
    })
    await page.goto(stack.url)
    await page.getByText('Nothing is chosen.').waitFor()
    const left = page.getByText('1229 more closed sessions are not listed')
    expect(await left.isVisible()).toBe(false)
    await showClosed(page)
    await left.waitFor()
  })
})
