// What a dialog was refused stands in it with what the service says that helps, as buttons that lead out and work.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from '../../support/axe.ts'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { choose, everyStanding, openStandings, row } from '../../support/panel-scene.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'

/** This command is refused from now on, with a way out that the service carries out. */
async function refuse(page: Page, command: string, session_id: string): Promise<void> {
  const recovery = [{ label: 'Extend it', command: 'renew_session', parameters: { session_id } }]
  await page.route('**/v1/messages', (route) => {
    if (route.request().postDataJSON().command !== command) return route.fallback()
    const json = { status: 'error', error: 'It is not so.', error_code: 'conflict', recovery }
    return route.fulfill({ json, status: 409 })
  })
}

describe.skipIf(CHROMIUM === undefined)('a dialog', () => {
  const pages = usePages()
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack()
    await everyStanding(stack)
  })

  afterAll(() => stack[Symbol.asyncDispose]())

  const DIALOGS: readonly [string, string, (page: Page) => Promise<void>][] = [
    [
      'of a cleanup',
      'cleanup_image_sessions',
      (page) => page.getByRole('button', { name: 'Clean up here…' }).click(),
    ],
    [
      'of a move',
      'switch_image_context',
      async (page) => {
        await choose(page, 'one', 'Move to another image…')
        await page.getByLabel('To image').fill('slow')
        await page.getByRole('button', { name: 'Preview' }).click()
      },
    ],
    [
      'of a history',
      'list_session_revisions',
      (page) => choose(page, 'one', 'History and revert…'),
    ],
    [
      'of a comparison',
      'diff_session_revisions',
      async (page) => {
        await choose(page, 'one', 'History and revert…')
        await page.getByRole('button', { name: 'Compare revision 1 with now' }).click()
      },
    ],
  ]

  it.each(DIALOGS)('%s offers what helps where it was refused', async (_, command, open) => {
    const { sessions } = await stack.run('list_client_sessions', { client_id: 'alice' })
    const [{ session_id }] = sessions as [{ session_id: string }]
    const page = await openStandings(pages, stack)
    await refuse(page, command, session_id)
    await open(page)
    const dialog = page.getByRole('dialog')
    await dialog
      .getByRole('alert')
      .getByText(/ did not work\. It is not so\.$/)
      .waitFor()
    expect(await dialog.getByRole('button', { name: /^(Revert|Move$|Close)/ }).count()).toBe(0)
    expect(await violations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Extend it' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Done: Extend it.').waitFor()
  })

  it('of a session that has expired meanwhile leads to its revival, and to another try', async () => {
    const session_id = await stack.session('carl', { name: 'short', timeout: 60 })
    const page = await pages.open(`${stack.url}/#client=carl`)
    await choose(page, 'short', 'Move to another image…')
    await page.getByLabel('To image').fill('slow')
    await stack.advance(61_000)
    const preview = page.getByRole('button', { name: 'Preview' })
    await preview.focus()
    await page.keyboard.press('Enter')
    const revive = 'Restore the session and make it active again'
    await page.getByRole('button', { name: revive }).waitFor()
    expect(await preview.evaluate((it) => it === document.activeElement)).toBe(true)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText(`Done: ${revive}.`).waitFor()
    await row(page, 'short')
      .getByText('Expiring')
      .or(row(page, 'short').getByText('Active'))
      .waitFor()
    expect((await stack.run('get_session_info', { session_id })).status).toBe('active')
  })
})
