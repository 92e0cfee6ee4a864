// What people do on the page, each with what they are told and the way back.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { choose, row } from '../../support/panel-scene.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'
import { temporaryFolder } from '../../support/stack-process.ts'

const notice = (page: Page, text: string | RegExp) =>
  page.getByRole('region', { name: 'Notices' }).getByText(text)

describe.skipIf(CHROMIUM === undefined)('a session', () => {
  const pages = usePages()
  let stack: PanelStack
  let clients = 0

  beforeAll(async () => {
    stack = await startPanelStack()
  })

  afterAll(() => stack[Symbol.asyncDispose]())

  /** A page of a client of its own, with one session. */
  async function scene(its: Readonly<Record<string, unknown>> = {}) {
    clients += 1
    const client_id = `client-${clients}`
    const session_id = await stack.session(client_id, { name: 'work', ...its })
    const page = await pages.open(`${stack.url}/#client=${client_id}`)
    await row(page, 'work').waitFor()
    const info = (id = session_id) => stack.run('get_session_info', { session_id: id })
    return { page, client_id, session_id, info }
  }

  it('is renamed, and called what it was called before', async () => {
    const { page, info } = await scene()
    await choose(page, 'work', 'Rename…')
    await page.getByRole('textbox', { name: 'Name' }).fill('tests of the parser')
    await page.keyboard.press('Enter')
    await row(page, 'tests of the parser').waitFor()
    expect((await info()).name).toBe('tests of the parser')
    await page.getByRole('button', { name: 'Undo' }).click()
    await row(page, 'work').waitFor()
    expect((await info()).name).toBe('work')
  })

  it('is closed, and revived by undoing that', async () => {
    const { page, info } = await scene()
    await choose(page, 'work', 'Close')
    await notice(page, /“work” is closed\. It can be revived until/).waitFor()
    await row(page, 'work').waitFor({ state: 'detached' })
    expect((await info()).status).toBe('closed')
    await page.getByRole('button', { name: 'Undo' }).click()
    await row(page, 'work').getByText('Active').waitFor()
    expect((await info()).status).toBe('active')
  })

  it('that was closed before is found and revived', async () => {
    const { page, session_id, info } = await scene()
    await stack.run('close_session', { session_id })
    await page.reload()
    await page.getByText('Nothing is chosen.').waitFor()
    await page.getByLabel('Show closed').check()
    await choose(page, 'work', 'Revive')
    await row(page, 'work').getByText('Active').waitFor()
    expect((await info()).status).toBe('active')
  })

  it('is given a new lease', async () => {
    const { page, session_id } = await scene({ timeout: 600 })
    await stack.advance(300_000)
    await choose(page, 'work', 'Extend the lease')
    await notice(page, /^The lease of “work” runs until/).waitFor()
    const info = await stack.run('get_session_info', { session_id })
    expect(info.time_until_expiry).toBeGreaterThan(590)
    await row(page, 'work')
      .getByText(/^9 min \d\d s left$/)
      .waitFor()
  })

  it('goes back to a revision whose difference was read first', async () => {
    const { page, session_id } = await scene({ state_data: { a: 1, big: 7 } })
    const second = { a: 2, list: [1, 2] }
    await stack.run('update_session_state', { session_id, state_data: second, label: 'after' })
    await choose(page, 'work', 'History and revert…')
    await page.getByRole('img', { name: /^2 revisions are kept, from/ }).waitFor()
    expect(await page.getByRole('cell', { name: /Revision 2, updated after/ }).count()).toBe(1)
    await page.getByRole('button', { name: 'Compare revision 1 with now' }).click()
    const lines = page.locator('.lines li')
    await expect
      .poll(() => lines.allTextContents())
      .toEqual([
        'session_state · anow: 2then: 1',
        'session_state · listnow: [1, 2]',
        'session_state · bigthen: 7',
      ])
    await page.getByRole('button', { name: 'Revert to revision 1' }).click()
    await notice(page, /as it was at revision 1; that is revision 3 now/).waitFor()
    const state = async () => (await stack.run('restore_session', { session_id })).session_state
    expect(await state()).toEqual({ a: 1, big: 7 })
    await page.getByRole('button', { name: 'Undo' }).click()
    await notice(page, '“work” is as it was before.').waitFor()
    expect(await state()).toEqual(second)
  })

  it('is as it was right before the revert when that is undone, although it changed while its history was read', async () => {
    const { page, session_id } = await scene({ state_data: { a: 1 } })
    await stack.run('update_session_state', { session_id, state_data: { a: 2 } })
    await choose(page, 'work', 'History and revert…')
    await page.getByRole('button', { name: 'Compare revision 1 with now' }).click()
    await page.getByRole('button', { name: 'Revert to revision 1' }).waitFor()
    const meanwhile = { a: 3 }
    await stack.run('update_session_state', { session_id, state_data: meanwhile })
    await page.getByRole('button', { name: 'Revert to revision 1' }).click()
    await notice(page, /as it was at revision 1; that is revision 4 now/).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await notice(page, '“work” is as it was before.').waitFor()
    const { session_state } = await stack.run('restore_session', { session_id })
    expect(session_state).toEqual(meanwhile)
  })

  it('tells in a history what made a revision once, and what made none beside it', async () => {
    const { page, session_id } = await scene({ inspector_state: { selected_object: 'o' } })
    await stack.run('clear_context', { session_id })
    await stack.run('close_session', { session_id })
    await stack.run('restore_session', { session_id, revive: true })
    await stack.run('revert_session', { session_id, revision: 1 })
    await choose(page, 'work', 'History and revert…')
    const happened = page.locator('td[data-head="What"]')
    await expect
      .poll(async () => (await happened.allTextContents()).map((text) => text.trim()))
      .toEqual([
        'Revision 3, reverted revert to 1',
        'session revived',
        'session closed',
        'Revision 2, context cleared',
        'Revision 1, created',
      ])
  })

  it('tells in a history what a restore leaves there, and that its image was started anew', async () => {
    const image_id = 'anew'
    await stack.image(image_id, 'Connected', { epoch: 'first' })
    const { page, session_id } = await scene({ image_id, timeout: 600 })
    await stack.advance(5000)
    await stack.run('restore_session', { session_id })
    await stack.advance(10_000)
    await stack.run('restore_session', { session_id })
    const announcer = page.locator('#announcer')
    await stack.image(image_id, 'Connected', { epoch: 'second' })
    await expect
      .poll(() => announcer.textContent(), { timeout: 10_000 })
      .toContain('Image anew was started anew.')
    const day = page.getByRole('region', { name: image_id })
    await day.getByRole('img', { name: /The image was started anew once\.$/ }).waitFor()
    await choose(page, 'work', 'History and revert…')
    await page.getByText('A restore is noted where it renewed the lease').waitFor()
    const happened = page.locator('td[data-head="What"]')
    await expect
      .poll(async () => (await happened.allTextContents()).map((text) => text.trim()))
      .toEqual(['image started anew', 'restored, which renewed the lease', 'Revision 1, created'])
  })

  it('moves to another image after a preview of what becomes of it', async () => {
    for (const image_id of ['first', 'second']) await stack.image(image_id)
    const classes = { image_id: 'second', status: 'Connected', classes: ['Object'] }
    await stack.run('report_image_status', classes)
    const object_registry = { o: { class: 'MyParser' }, p: { class: '<i>Node' } }
    const its = { image_id: 'first', workspace_context: { x: 1 }, object_registry }
    const { page, info } = await scene(its)
    await choose(page, 'work', 'Move to another image…')
    await page.getByLabel('To image').fill('second')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('cell', { name: 'workspace_context' }).waitFor()
    await page.getByText('1 class is missing there: MyParser', { exact: true }).waitFor()
    expect((await info()).image_id).toBe('first')
    await page.getByRole('button', { name: 'Move', exact: true }).click()
    await notice(page, /“work” works on second now/).waitFor()
    expect((await info()).image_id).toBe('second')
    await page.getByRole('region', { name: 'second' }).getByText('work', { exact: true }).waitFor()
  })

  it('is exported to a file and imported from it', async () => {
    const { page, client_id } = await scene({ state_data: { precious: 1 } })
    const downloading = page.waitForEvent('download')
    await choose(page, 'work', 'Export to a file')
    const download = await downloading
    expect(download.suggestedFilename()).toMatch(/^session_client-\d+_\d{8}T\d{6}Z\.json$/)
    const path = join(temporaryFolder(), 'exported.json')
    await download.saveAs(path)
    expect(readFileSync(path, 'utf8')).toContain('"precious"')
    await page.getByRole('button', { name: 'Import…' }).click()
    await page.getByLabel('File').setInputFiles(path)
    expect(await page.getByLabel('For client').inputValue()).toBe(client_id)
    await page.getByRole('textbox', { name: 'Name' }).fill('a copy')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await notice(page, '“a copy” is imported.').waitFor()
    await row(page, 'a copy').waitFor()
  })

  it('that cannot be imported says why, in the words of the service', async () => {
    const { page } = await scene()
    const path = join(temporaryFolder(), 'broken.json')
    writeFileSync(path, '{"nothing": ')
    await page.getByRole('button', { name: 'Import…' }).click()
    await page.getByLabel('File').setInputFiles(path)
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page
      .getByRole('alert')
      .getByText(/^Importing did not work\. Invalid content/)
      .waitFor()
  })

  it('that has expired meanwhile is refused with the way out as a button', async () => {
    const { page, session_id, info } = await scene({ timeout: 60 })
    await row(page, 'work')
      .getByRole('button', { name: /^Actions for/ })
      .click()
    await stack.advance(61_000)
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('too late')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page
      .getByRole('alert')
      .getByText(/The session has expired; nothing of it is lost/)
      .waitFor()
    await page.getByRole('button', { name: 'Restore the session and make it active again' }).click()
    await notice(page, /^Done: Restore the session/).waitFor()
    expect((await info(session_id)).status).toBe('active')
  })

  it('of an image that is gone is cleaned up after a preview, and brought back', async () => {
    await stack.image('gone')
    const { page, client_id, session_id, info } = await scene({ image_id: 'gone', timeout: 86_400 })
    const other = await stack.session(client_id, {
      name: 'another',
      image_id: 'gone',
      timeout: 86_400,
    })
    await stack.advance(1000)
    for (const status of ['Connected', 'Disconnected']) await stack.image('gone', status)
    await stack.advance(300_000)
    await page.reload()
    await row(page, 'work').getByText('Orphaned').waitFor()
    const cleanUp = page.getByRole('button', { name: 'Clean up gone…' })
    await cleanUp.click()
    await page.getByText('This would close 2 sessions').waitFor()
    await page.getByRole('cell', { name: 'its image is gone' }).first().waitFor()
    await page.getByLabel('Sessions whose image is orphaned').uncheck()
    await page.getByText('There is nothing to clean up.').waitFor()
    expect((await info()).status).toBe('active')
    await page.getByLabel('Sessions whose image is orphaned').check()
    await page.getByRole('button', { name: 'Close 2 sessions' }).click()
    await notice(page, '2 sessions of gone closed.').waitFor()
    for (const id of [session_id, other]) expect((await info(id)).status).toBe('closed')
    await page.getByRole('button', { name: 'Undo' }).click()
    await notice(page, '2 sessions revived.').waitFor()
    for (const id of [session_id, other]) expect((await info(id)).status).toBe('active')
    await row(page, 'another').getByText('Orphaned').waitFor()
  })
})
