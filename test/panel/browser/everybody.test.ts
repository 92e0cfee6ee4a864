// The page for everybody: with the keyboard alone, by day and by night. What axe says of it: axe.test.ts.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { actions, choose, everyStanding, openStandings, row } from '../../support/panel-scene.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'

/** What has the focus, as it is called. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: it } = document
    return it?.getAttribute('aria-label') ?? it?.textContent ?? it?.tagName
  })

async function keys(page: Page, ...all: readonly string[]): Promise<void> {
  for (const key of all) await page.keyboard.press(key)
}

/** Goes on with Tab until this has the focus; gives what had it on the way. */
async function tabTo(page: Page, label: string): Promise<readonly unknown[]> {
  const reached: unknown[] = []
  for (let n = 0; n < 8; n += 1) {
    reached.push(await focused(page))
    if (reached.at(-1) === label) return reached
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${label}, but to ${reached.join(', ')}`)
}

describe.skipIf(CHROMIUM === undefined)('the page', () => {
  const pages = usePages()
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack()
    await everyStanding(stack)
  })

  afterAll(() => stack[Symbol.asyncDispose]())

  const opened = () => openStandings(pages, stack)

  it('is worked with the keyboard alone', async () => {
    const page = await pages.open(`${stack.url}/#client=alice`)
    await row(page, 'one').waitFor()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the sessions')
    const reached = new Set<unknown>()
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press('Tab')
      reached.add(await focused(page))
    }
    const buttons = await page
      .getByRole('button')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent))
    expect([...reached]).toEqual(expect.arrayContaining(buttons))
    await actions(page, 'one').focus()
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('Rename…')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    expect(await focused(page)).toBe('Close')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('Rename…')
    await page.keyboard.press('Escape')
    expect(await focused(page)).toBe('Actions for “one” of alice')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    expect(await focused(page)).toBe('Actions for “one” of alice')
  })

  it('is led with F8 to what was told, works that, and goes back to where one was', async () => {
    const page = await opened()
    await choose(page, 'one', 'Close')
    await page.getByText(/^“one” is closed/).waitFor()
    await actions(page, 'two').focus()
    await page.keyboard.press('F8')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Undo')
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('Actions for “two” of alice')
    await row(page, 'one').getByText('Active').waitFor()
    await page.getByText('“one” is active again.').waitFor()
  })

  it('keeps what was told as long as somebody is there', async () => {
    const page = await opened()
    await page.clock.install()
    await choose(page, 'one', 'Extend the lease')
    const notice = page.getByText(/^The lease of “one”/)
    await notice.waitFor()
    await page.mouse.move(0, 0)
    await page.keyboard.press('F8')
    await page.clock.fastForward(60_000)
    expect(await notice.count()).toBe(1)
    await page.getByRole('button', { name: 'Import…' }).focus()
    await page.clock.fastForward(20_000)
    await notice.waitFor({ state: 'detached' })
  })

  it('exports, imports and cleans up with the keyboard alone', async () => {
    const page = await opened()
    await actions(page, 'one').focus()
    const downloading = page.waitForEvent('download')
    for (const key of ['Enter', 'End', 'ArrowUp', 'Enter']) await page.keyboard.press(key)
    const file = await (await downloading).path()
    await page.getByRole('button', { name: 'Import…' }).focus()
    await page.keyboard.press('Enter')
    expect(await page.getByLabel('File').evaluate((it) => it === document.activeElement)).toBe(true)
    await page.getByLabel('File').setInputFiles(file)
    for (const label of ['For client', 'Name']) {
      await page.keyboard.press('Tab')
      const input = page.getByRole('dialog').getByLabel(label)
      expect(await input.evaluate((it) => it === document.activeElement)).toBe(true)
    }
    await page.keyboard.type('by hand')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Import')
    await page.keyboard.press('Enter')
    await row(page, 'by hand').waitFor()
    await page.getByRole('button', { name: 'Clean up away…' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('This would close 1 session').waitFor()
    expect(await tabTo(page, 'Close 1 session')).toContain('Sessions that would be closed')
    await page.keyboard.press('Enter')
    await page.getByText('1 session of away closed.').waitFor()
    await page.keyboard.press('F8')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Undo')
    await page.keyboard.press('Enter')
    await page.getByText('1 session revived.').waitFor()
  })

  it('moves a session with the keyboard alone, after a look at what becomes of it', async () => {
    const session_id = await stack.session('alice', { name: 'mover', image_id: 'here' })
    await stack.run('update_session_state', { session_id, object_registry: { o: 1 } })
    const page = await opened()
    await actions(page, 'mover').focus()
    await keys(page, 'Enter', 'ArrowDown', 'ArrowDown', 'ArrowDown')
    expect(await focused(page)).toBe('Move to another image…')
    await page.keyboard.press('Enter')
    const target = page.getByLabel('To image')
    expect(await target.evaluate((it) => it === document.activeElement)).toBe(true)
    await page.keyboard.type('slow')
    // The images to choose from are offered below the field; Escape leaves them, not the dialog.
    await keys(page, 'Tab', 'Space', 'Space', 'Tab')
    expect(await focused(page)).toBe('Preview')
    await page.keyboard.press('Enter')
    await page.getByRole('cell', { name: 'object_registry' }).waitFor()
    expect(await focused(page)).toBe('Preview')
    await page.keyboard.press('Shift+Tab')
    expect(await focused(page)).toBe('Move')
    await page.keyboard.press('Enter')
    await page.getByText(/“mover” works on slow now/).waitFor()
    expect(await focused(page)).toBe('Actions for “mover” of alice')
    expect((await stack.run('get_session_info', { session_id })).image_id).toBe('slow')
  })

  it('compares and reverts with the keyboard alone, and takes that back', async () => {
    const session_id = await stack.session('alice', { name: 'reverter', state_data: { a: 1 } })
    await stack.run('update_session_state', { session_id, state_data: { a: 2 } })
    const page = await opened()
    await actions(page, 'reverter').focus()
    await keys(page, 'Enter', 'ArrowDown', 'ArrowDown')
    expect(await focused(page)).toBe('History and revert…')
    await page.keyboard.press('Enter')
    await page.getByRole('img', { name: /^2 revisions are kept/ }).waitFor()
    expect(await tabTo(page, 'Compare revision 1 with now')).toContain(
      'Revisions and other moments, the newest first'
    )
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toBe('What a revert to revision 1 would change')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Revert to revision 1')
    await page.keyboard.press('Enter')
    await page.getByText(/as it was at revision 1; that is revision 3 now/).waitFor()
    expect(await focused(page)).toBe('Actions for “reverter” of alice')
    await keys(page, 'F8', 'Tab')
    expect(await focused(page)).toBe('Undo')
    await page.keyboard.press('Enter')
    await page.getByText('“reverter” is as it was before.').waitFor()
    const { session_state } = await stack.run('restore_session', { session_id })
    expect(session_state).toEqual({ a: 2 })
  })

  it('shows where the focus is', async () => {
    const page = await opened()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    const style = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(
        document.activeElement ?? document.body
      )
      return [outlineStyle, outlineWidth]
    })
    expect(style).toEqual(['solid', '2px'])
  })

  it('keeps focus and place while sessions change around it', async () => {
    const page = await opened()
    await actions(page, 'two').focus()
    await stack.session('alice', { name: 'four', image_id: 'here' })
    await row(page, 'four').waitFor()
    const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    expect(label).toBe('Actions for “two” of alice')
  })

  it('remembers the theme that was chosen, and moves nothing for those who do not want that', async () => {
    const page = await opened()
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await ground()
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await ground()
    expect(light).not.toBe(dark)
    await page.getByRole('button', { name: 'Theme: auto' }).click()
    expect(await ground()).toBe(dark)
    await page.reload()
    await page.getByRole('button', { name: 'Theme: dark' }).click()
    expect(await ground()).toBe(light)
    const moving = await page.evaluate(() => document.getAnimations().length)
    expect(moving).toBe(0)
  })
})
