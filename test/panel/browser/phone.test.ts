// The page on a narrow phone: nothing is beyond its edge, tables are read row by row, and what is told covers nothing for good.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { actions, choose, everyStanding, openStandings } from '../../support/panel-scene.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'

const WIDTH = 360

/** What is wider than its place: the page, a dialog or a table. */
const tooWide = (page: Page) =>
  page.evaluate(() => {
    const boxes = [...document.querySelectorAll('html, dialog, .scroll, .dialog-body, .notice')]
    const menus = [...document.querySelectorAll('.menu')]
    return [
      ...boxes.filter((it) => it.scrollWidth > it.clientWidth),
      ...menus.filter((it) => it.getBoundingClientRect().right > window.innerWidth - 4),
    ].map((it) => `${it.tagName}.${it.className}`)
  })

describe.skipIf(CHROMIUM === undefined)('on a phone', () => {
  const pages = usePages()
  let stack: PanelStack

  beforeAll(async () => {
    stack = await startPanelStack()
    await everyStanding(stack)
  })

  afterAll(() => stack[Symbol.asyncDispose]())

  const opened = (height = 740) =>
    openStandings(pages, stack, { viewport: { width: WIDTH, height } })

  it('nothing scrolls sideways: the list, a menu and every dialog', async () => {
    const page = await opened()
    expect(await tooWide(page)).toEqual([])
    await page.getByRole('button', { name: 'Import…' }).click()
    expect(await tooWide(page)).toEqual([])
    await page.keyboard.press('Escape')
    await actions(page, 'one').click()
    expect(await tooWide(page)).toEqual([])
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    expect(await tooWide(page)).toEqual([])
    await page.keyboard.press('Escape')
    await choose(page, 'one', 'History and revert…')
    await page.getByRole('button', { name: 'Compare revision 1 with now' }).click()
    await page.locator('.lines').waitFor()
    expect(await tooWide(page)).toEqual([])
    await page.keyboard.press('Escape')
    await choose(page, 'one', 'Move to another image…')
    await page.getByLabel('To image').fill('slow')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('cell', { name: 'object_registry' }).waitFor()
    expect(await tooWide(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Clean up away…' }).click()
    await page.getByRole('cell', { name: 'its lease ended' }).waitFor()
    expect(await tooWide(page)).toEqual([])
  })

  it('each row of a table stands by itself, its heads beside its cells', async () => {
    const page = await opened()
    await page.getByRole('button', { name: 'Clean up away…' }).click()
    const cells = page.getByRole('row').last().getByRole('cell')
    await cells.first().waitFor()
    const boxes = await Promise.all((await cells.all()).map((cell) => cell.boundingBox()))
    const [first] = boxes
    expect(boxes).toHaveLength(3)
    expect(new Set(boxes.map((box) => box?.x))).toEqual(new Set([first?.x]))
    expect(boxes.map((box) => box?.y)).toEqual(
      boxes.map((box) => box?.y).sort((a = 0, b = 0) => a - b)
    )
    const heads = await cells.evaluateAll((all) =>
      all.map((cell) => getComputedStyle(cell, '::before').content.split(' / ')[0])
    )
    expect(heads).toEqual(['"Session"', '"Client"', '"Why"'])
    expect(await page.getByRole('columnheader').allTextContents()).toEqual([
      'Session',
      'Client',
      'Why',
    ])
  })

  it('what a revert would change is seen at once, and so is its button, however long the history', async () => {
    const session_id = await stack.session('alice', { name: 'long' })
    for (let n = 1; n <= 8; n += 1) {
      const state_data = Object.fromEntries([...'abcdefghijkl'].map((key) => [key, n]))
      await stack.run('update_session_state', { session_id, state_data })
    }
    const page = await opened(820)
    await choose(page, 'long', 'History and revert…')
    await page.getByRole('button', { name: 'Compare revision 5 with now' }).click()
    const line = page.locator('.lines li').nth(3)
    await line.waitFor()
    for (const shown of [line, page.getByRole('button', { name: 'Revert to revision 5' })]) {
      const isOnTop = await shown.evaluate((it) => {
        const { left, top, width, height } = it.getBoundingClientRect()
        return it.contains(document.elementFromPoint(left + width / 2, top + height / 2))
      })
      expect(isOnTop).toBe(true)
    }
  })

  it('what is under a notice can be reached nevertheless', async () => {
    const page = await opened(480)
    for (let n = 0; n < 3; n += 1) {
      await choose(page, 'one', 'Extend the lease')
      await page
        .getByText(/^The lease of “one”/)
        .nth(n)
        .waitFor()
    }
    await actions(page, 'three').click()
    await page.getByRole('menuitem', { name: 'Revive' }).waitFor()
    await page.keyboard.press('Escape')
    const isCovered = await actions(page, 'three').evaluate((it) => {
      const { left, top, width, height } = it.getBoundingClientRect()
      return document.elementFromPoint(left + width / 2, top + height / 2) !== it
    })
    expect(isCovered).toBe(false)
  })
})
