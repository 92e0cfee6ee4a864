// The page for everybody: with a screen reader, with the keyboard alone, on a phone, by day and by night. axe looks at each
// state, in both themes and at both widths.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'
import { startTestApi } from '../../support/stui-api.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name })

/** What axe has against the page as it is, in both themes and at both widths. */
async function violations(page: Page): Promise<string[]> {
  const found = new Set<string>()
  for (const colorScheme of ['dark', 'light'] as const) {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      for (const one of (await page.evaluate(`${AXE};axe.run().then(({violations}) => violations.map(
        ({id, nodes}) => id + ': ' + nodes.map(({target}) => target).join(', ')))`)) as string[]) {
        found.add(`${colorScheme} ${width} ${one}`)
      }
    }
  }
  return [...found]
}

describe.skipIf(CHROMIUM === undefined)('the page', () => {
  const pages = usePages()
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack()
    await stack.image('here', 'Connected', {
      version: '12.0',
      address: 'localhost:5601',
      round_trip_ms: 3,
    })
    await stack.image('slow', 'Connected', { round_trip_ms: 2000 })
    await stack.image('away', 'Disconnected')
    const session_id = await stack.session('alice', { name: 'one', image_id: 'here' })
    await stack.run('update_session_state', { session_id, state_data: { a: 1 } })
    await stack.session('alice', { name: 'two', image_id: 'away', timeout: 60 })
    await stack.run('close_session', {
      session_id: await stack.session('alice', { name: 'three' }),
    })
  })

  afterAll(() => stack[Symbol.asyncDispose]())

  async function opened(): Promise<Page> {
    const page = await pages.open(`${stack.url}/#client=alice`)
    await row(page, 'one').waitFor()
    await page.getByLabel('Show closed').check()
    await row(page, 'three').waitFor()
    return page
  }

  async function chosen(item: string): Promise<Page> {
    const page = await opened()
    await row(page, 'one')
      .getByRole('button', { name: /^Actions for/ })
      .click()
    await page.getByRole('menuitem', { name: item }).click()
    return page
  }

  it('has nothing that axe finds fault with while it shows sessions of every standing', async () => {
    expect(await violations(await opened())).toEqual([])
  })

  it('neither when it is empty, offline or asks who one is', async () => {
    const empty = await pages.open(`${stack.url}/#client=nobody`)
    await empty.getByText('There are no sessions yet.').waitFor()
    expect(await violations(empty)).toEqual([])
    await empty.route('**/panel/config.json', (route) => route.abort())
    await empty.reload()
    await empty.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await violations(empty)).toEqual([])
    const api = await startTestApi()
    const asking = await startPanelStack({ api })
    const page = await pages.open(asking.url)
    await page.getByLabel('Token').fill('invented')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await violations(page)).toEqual([])
    await asking[Symbol.asyncDispose]()
    await api.stop()
  }, 60_000)

  it.each([
    ['Rename…', /^Rename “one”/],
    ['History and revert…', /^History of “one”/],
    ['Move to another image…', /^Move “one”/],
  ])('neither in the dialog of %s', async (item, heading) => {
    const page = await chosen(item)
    await page.getByRole('heading', { name: heading }).waitFor()
    if (item.startsWith('History')) {
      await page.getByRole('button', { name: 'Compare revision 1 with now' }).click()
      await page.locator('.lines').waitFor()
    }
    expect(await violations(page)).toEqual([])
  })

  it('neither with an open menu, a cleanup or a notice', async () => {
    const page = await opened()
    await row(page, 'one')
      .getByRole('button', { name: /^Actions for/ })
      .click()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Clean up away…' }).click()
    await page.getByText('There is nothing to clean up.').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await row(page, 'one')
      .getByRole('button', { name: /^Actions for/ })
      .click()
    await page.getByRole('menuitem', { name: 'Extend the lease' }).click()
    await page.getByText(/^The lease of “one”/).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('is worked with the keyboard alone', async () => {
    const page = await pages.open(`${stack.url}/#client=alice`)
    await row(page, 'one').waitFor()
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: it } = document
        return it?.getAttribute('aria-label') ?? it?.textContent ?? it?.tagName
      })
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the sessions')
    const reached = new Set<unknown>()
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press('Tab')
      reached.add(await focused())
    }
    const buttons = await page
      .getByRole('button')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent))
    expect([...reached]).toEqual(expect.arrayContaining(buttons))
    const actions = row(page, 'one').getByRole('button', { name: /^Actions for/ })
    await actions.focus()
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('Rename…')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    expect(await focused()).toBe('Close')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe('Rename…')
    await page.keyboard.press('Escape')
    expect(await focused()).toBe('Actions for “one” of alice')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    expect(await focused()).toBe('Actions for “one” of alice')
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
    await row(page, 'two')
      .getByRole('button', { name: /^Actions for/ })
      .focus()
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
