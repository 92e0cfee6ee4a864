// Names and states of people who mean harm, or just like emoji.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { choose } from '../../support/panel-scene.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'

const SCRIPT = '<script>window.harmed=1</script><img src=x onerror="window.harmed=1">'

const HOSTILE = {
  script: SCRIPT,
  direction: '\u202egnp.exe\u2066',
  emoji: '😀'.repeat(120),
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

  it('is harmless as the id of an image, in heads, facts, filters and dialogs', async () => {
    for (const image_id of Object.values(HOSTILE)) {
      await stack.session('oscar', { name: 'on it', image_id })
    }
    await stack.image(HOSTILE.direction, 'Connected')
    const page = await pages.open(`${stack.url}/#client=oscar`)
    const heads = page.locator('.image h2 bdi')
    await expect
      .poll(() => heads.allTextContents(), { timeout: 10_000 })
      .toEqual(
        expect.arrayContaining([
          SCRIPT,
          '‹RLO›gnp.exe‹LRI›',
          '‹ESC›[31m‹ESC›]0;owned‹BEL›red',
          '😀'.repeat(120),
          '__proto__',
        ])
      )
    await page.getByText('Version').first().waitFor()
    expect(await page.locator('.image').getByText('\u202e').count()).toBe(0)
    await page.getByLabel('Filter').fill('window.harmed')
    await expect.poll(() => heads.allTextContents()).toContain(SCRIPT)
    await page.getByLabel('Filter').fill('')
    const region = (name: RegExp) => page.getByRole('region', { name })
    await region(/^‹RLO›gnp\.exe‹LRI› 1 session/)
      .getByRole('button', { name: 'Clean up ‹RLO›gnp.exe‹LRI›…' })
      .click()
    await page.getByRole('heading', { name: 'Clean up ‹RLO›gnp.exe‹LRI›' }).waitFor()
    await page.keyboard.press('Escape')
    await region(/^‹ESC›.* 1 session/)
      .getByRole('button', { name: /^Actions for/ })
      .click()
    await page.getByRole('menuitem', { name: 'Move to another image…' }).click()
    await page.getByLabel('To image').fill(HOSTILE.script)
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('button', { name: 'Move', exact: true }).click()
    await page.getByText(`“on it” works on ${SCRIPT} now.`).waitFor()
    expect(await page.locator('img, #main script, dialog script').count()).toBe(0)
    expect(await harmed(page)).toBe(false)
  })

  it('may be as long as the service takes it, in characters and not in half emoji', async () => {
    await stack.session('emil', { name: 'plain' })
    const page = await pages.open(`${stack.url}/#client=emil`)
    await choose(page, 'plain', 'Rename…')
    const input = page.getByRole('textbox', { name: 'Name' })
    const type = (text: string) => input.selectText().then(() => page.keyboard.insertText(text))
    await type('😀'.repeat(121))
    await page.keyboard.press('Enter')
    const message = () => input.evaluate((it) => 'validationMessage' in it && it.validationMessage)
    expect(await message()).toBe('At most 120 characters are taken; these are 121.')
    await type('😀'.repeat(120))
    await page.keyboard.press('Enter')
    await page.locator('.name').getByText('😀'.repeat(120)).waitFor()
  })

  it('does not break the layout, on a phone neither', async () => {
    for (const client_id of ['mallory', 'oscar']) {
      for (const width of [1280, 390, 320]) {
        const viewport = { width, height: 800 }
        const page = await pages.open(`${stack.url}/#client=${client_id}`, { viewport })
        await page.getByText(SCRIPT).first().waitFor()
        const scrolls = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(scrolls).toBe(width)
      }
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
