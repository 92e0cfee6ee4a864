// A client of a panel with sessions of every standing, and what people do first with them: shared by tests of the page.

import type { BrowserContextOptions, Page } from 'playwright-core'
import type { Pages } from './browser.ts'
import type { PanelStack } from './panel-stack.ts'

/** The row of a session. */
export const row = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ hasText: name })

/** The button of a session's menu. */
export const actions = (page: Page, name: string) =>
  row(page, name).getByRole('button', { name: /^Actions for/ })

/** Chooses from the menu of a session. */
export async function choose(page: Page, session: string, item: string): Promise<void> {
  await actions(page, session).click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** Images of every status; of alice an active session, one whose lease ended and a closed one. */
export async function everyStanding(stack: PanelStack): Promise<void> {
  await stack.session('alice', { name: 'two', image_id: 'away', timeout: 60 })
  await stack.advance(60_000)
  await stack.image('here', 'Connected', {
    version: '12.0',
    address: 'localhost:5601',
    round_trip_ms: 3,
  })
  await stack.image('slow', 'Connected', { round_trip_ms: 2000 })
  await stack.image('away', 'Disconnected')
  const its = { name: 'one', image_id: 'here', object_registry: { o: 1 } }
  const session_id = await stack.session('alice', its)
  await stack.run('update_session_state', { session_id, state_data: { a: 1 } })
  await stack.run('close_session', {
    session_id: await stack.session('alice', { name: 'three' }),
  })
}

/** A page of alice, with every standing on it. */
export async function openStandings(
  pages: Pages,
  { url }: Pick<PanelStack, 'url'>,
  options?: BrowserContextOptions
): Promise<Page> {
  const page = await pages.open(`${url}/#client=alice`, options)
  await row(page, 'one').waitFor()
  await page.getByLabel('Show closed').check()
  await row(page, 'three').waitFor()
  return page
}
