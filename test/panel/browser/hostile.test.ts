// Names and states of people who mean harm, or just like emoji.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'

const SCRIPT = '<script>window.harmed=1</script><img src=x onerror="window.harmed=1">'

const HOSTILE = {
  script: SCRIPT,
  direction: '\u202egnp.exe\u2066',
  emoji: '😀'.repeat(60),
  family: '👩‍👩‍👧‍👦'.repeat(10),
  ansi: '\u001b[31m\u001b]0;owned\u0007red',
  endless: 'x'.repeat(120),
  stacked: `e${'\u0301'.repeat(100)}`,
  polluting: '__proto__',
}

const harmed = (page: Page) => page.evaluate(() => 'harmed' in window)

describe.skipIf(CHROMIUM === undefined)('what somebody else wrote', () => {
  const pages = usePages()
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack()
    for (const [kind, name] of Object.entries(HOSTILE)) {
      await stack.session('mallory', { name, image_id: `image-${kind}` })
      await stack.image(`image-${kind}`, 'Connected', {
        name: [...name].slice(0, 100).join(''),
        version: [...name].slice(0, 50).join(''),
      })
    }
  })

  afterAll(() => stack[Symbol.asyncDispose]())

  it('is shown as text, with symbols for what one would not see', async () => {
    const page = await pages.open(`${stack.url}/#client=mallory`)
    await page.locator('.name').getByText(SCRIPT).waitFor()
    const names = await page.locator('.name').allTextContents()
    expect(names).toContain('‹RLO›gnp.exe‹LRI›')
    expect(names).toContain('‹ESC›[31m‹ESC›]0;owned‹BEL›red')
    expect(names).toContain('__proto__')
    expect(names).toHaveLength(Object.keys(HOSTILE).length)
    expect(await page.locator('img, #main script').count()).toBe(0)
    expect(await harmed(page)).toBe(false)
  })

  it('does not break the layout, on a phone neither', async () => {
    for (const width of [1280, 390, 320]) {
      const viewport = { width, height: 800 }
      const page = await pages.open(`${stack.url}/#client=mallory`, { viewport })
      await page.locator('.name').getByText(SCRIPT).waitFor()
      const scrolls = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(scrolls).toBe(width)
    }
  })

  it('is harmless in menus, dialogs, notices and differences', async () => {
    const session_id = await stack.session('eve', {
      name: SCRIPT,
      state_data: { [SCRIPT]: SCRIPT, __proto__: 1 },
    })
    await stack.run('update_session_state', {
      session_id,
      state_data: { a: '\u202e' },
      label: SCRIPT,
    })
    const page = await pages.open(`${stack.url}/#client=eve`)
    const actions = page.getByRole('button', { name: /^Actions for “<script>/ })
    await actions.click()
    await page.getByRole('menuitem', { name: 'History and revert…' }).click()
    await page.getByRole('heading', { name: /^History of “<script>/ }).waitFor()
    await page.getByRole('button', { name: 'Compare revision 1 with now' }).click()
    await page.locator('.lines').getByText('<script>window.harmed=1</script>').first().waitFor()
    expect(await page.locator('.lines').textContent()).toContain('‹RLO›')
    await page.getByRole('button', { name: 'Revert to revision 1' }).click()
    await page.getByText(/as it was at revision 1/).waitFor()
    expect(await page.locator('img, #main script, dialog script').count()).toBe(0)
    expect(await harmed(page)).toBe(false)
  })
})
