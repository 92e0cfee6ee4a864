// axe looks at each state of the page: what it shows, what it asks, what it tells, and what it says when nothing works.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from '../../support/axe.ts'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { actions, choose, everyStanding, openStandings, row } from '../../support/panel-scene.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'
import { temporaryFolder } from '../../support/stack-process.ts'
import { startTestApi, type TestApi } from '../../support/stui-api.ts'

const MESSAGES = '**/v1/messages'

describe.skipIf(CHROMIUM === undefined)('axe finds no fault', () => {
  const pages = usePages()
  let api: TestApi
  let stack: PanelStack
  let asking: PanelStack

  beforeAll(async () => {
    api = await startTestApi()
    asking = await startPanelStack({ api })
    stack = await startPanelStack()
    await everyStanding(stack)
  })

  afterAll(async () => {
    for (const one of [stack, asking]) await one[Symbol.asyncDispose]()
    await api.stop()
  })

  const opened = () => openStandings(pages, stack)

  it('with sessions of every standing', async () => {
    expect(await violations(await opened())).toEqual([])
  })

  it('while it loads', async () => {
    const page = await pages.open('about:blank')
    await page.route(MESSAGES, () => undefined)
    await page.goto(`${stack.url}/#client=alice`)
    await page.getByText('Loading the sessions…').waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('when there is nothing', async () => {
    const page = await pages.open(`${stack.url}/#client=nobody`)
    await page.getByText('There are no sessions yet.').waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('when the service is away: at first, and later', async () => {
    const page = await pages.open('about:blank')
    await page.route('**/panel/config.json', (route) => route.abort())
    await page.goto(stack.url)
    await page.getByRole('heading', { name: 'The panel cannot begin' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.unroute('**/panel/config.json')
    await page.routeWebSocket(/\/v1\/events/, (socket) => socket.close({ code: 1011 }))
    await page.goto(`${stack.url}/#client=alice`)
    await page.reload()
    await row(page, 'one').waitFor()
    await page.getByRole('button', { name: 'Try now' }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('when the list is refused', async () => {
    const page = await pages.open('about:blank')
    const envelope = { status: 'error', error: 'The service failed.', error_code: 'internal_error' }
    await page.route(MESSAGES, (route) => route.fulfill({ json: envelope, status: 500 }))
    await page.goto(`${stack.url}/#client=alice`)
    await page.getByRole('alert').getByText('The service failed.').waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('while it asks who one is, why not, and for whom', async () => {
    const page = await pages.open(asking.url)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByLabel('Token').fill('invented')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByLabel('Token').fill(await api.issueToken('frida'))
    await page.keyboard.press('Enter')
    await page.getByLabel('Client id').waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('with an open menu, of an admin with the reason why there is no more', async () => {
    const page = await opened()
    await actions(page, 'one').click()
    expect(await violations(page)).toEqual([])
    await asking.session('frida-1', { name: 'of frida' }, 'frida')
    const admins = await pages.open(asking.url)
    await admins.getByLabel('Token').fill(await api.issueToken('enzo'))
    await admins.keyboard.press('Enter')
    await actions(admins, 'of frida').click()
    await admins.getByRole('menuitem', { name: /for its owner alone$/ }).waitFor()
    expect(await violations(admins)).toEqual([])
  })

  it.each([
    ['Rename…', /^Rename “one”/, undefined],
    ['History and revert…', /^History of “one”/, 'Compare revision 1 with now'],
    ['Move to another image…', /^Move “one”/, 'Preview'],
  ])('in the dialog of %s', async (item, heading, press) => {
    const page = await opened()
    await choose(page, 'one', item)
    await page.getByRole('heading', { name: heading }).waitFor()
    if (item.startsWith('Move')) await page.getByLabel('To image').fill('slow')
    if (press !== undefined) {
      expect(await violations(page)).toEqual([])
      await page.getByRole('button', { name: press }).click()
      await page.getByRole('dialog').getByRole('heading', { level: 3 }).waitFor()
    }
    expect(await violations(page)).toEqual([])
  })

  it('with an export, on its way and done', async () => {
    const page = await opened()
    await page.route(MESSAGES, () => undefined)
    await choose(page, 'one', 'Export to a file')
    await page.getByText('Exporting “one”…').waitFor()
    expect(await violations(page)).toEqual([])
    await page.unroute(MESSAGES)
    await choose(page, 'one', 'Export to a file')
    await page
      .getByText(/is downloaded\.$/)
      .first()
      .waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('with an import: the form, what became of it, and why it was refused', async () => {
    const path = join(temporaryFolder(), 'broken.json')
    writeFileSync(path, '{"nothing": ')
    const page = await opened()
    const downloading = page.waitForEvent('download')
    await choose(page, 'one', 'Export to a file')
    const good = await (await downloading).path()
    for (const [file, told] of [
      [path, page.getByRole('alert').getByText(/^Importing did not work/)],
      [good, page.getByText(/is imported\.$/)],
    ] as const) {
      await page.getByRole('button', { name: 'Import…' }).click()
      expect(await violations(page)).toEqual([])
      await page.getByLabel('File').setInputFiles(file)
      await page.getByRole('textbox', { name: 'Name' }).fill('a copy')
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await told.waitFor()
      expect(await violations(page)).toEqual([])
    }
  })

  it('with a cleanup: the preview, nothing to do, what came of it, and its undoing under way', async () => {
    const page = await opened()
    await page.getByRole('button', { name: 'Clean up here…' }).click()
    await page.getByText('There is nothing to clean up.').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Clean up away…' }).click()
    await page.getByText('This would close 1 session').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Close 1 session' }).click()
    await page.getByText('1 session of away closed.').waitFor()
    expect(await violations(page)).toEqual([])
    await page.route(MESSAGES, () => undefined)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Reviving…').waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('with what a refusal offers, and what that tells', async () => {
    const page = await opened()
    await page.route(MESSAGES, (route) =>
      route.fulfill({
        json: {
          status: 'error',
          error: 'It is not there.',
          error_code: 'session_not_found',
          recovery: [
            {
              label: 'List them',
              command: 'list_client_sessions',
              parameters: { client_id: 'alice' },
            },
          ],
        },
      })
    )
    await choose(page, 'one', 'Close')
    await page.getByRole('button', { name: 'List them' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.unroute(MESSAGES)
    await page.getByRole('button', { name: 'List them' }).click()
    await page.getByRole('dialog').waitFor()
    expect(await violations(page)).toEqual([])
  })
})
