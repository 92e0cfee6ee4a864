// Who gets in, what they see, and what becomes of a token.

import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserName } from '../../../local-bridge/stack/stui-api/users.ts'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'
import { startTestApi, type TestApi } from '../../support/stui-api.ts'

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name })

describe.skipIf(CHROMIUM === undefined)('with tokens', () => {
  const pages = usePages()
  let api: TestApi
  let stack: PanelStack

  beforeAll(async () => {
    api = await startTestApi()
    stack = await startPanelStack({ api })
    await stack.session('till', { name: 'of the till' }, 'kiosk')
    await stack.session('frida-1', { name: 'of frida' }, 'frida')
  })

  afterAll(async () => {
    await stack[Symbol.asyncDispose]()
    await api.stop()
  })

  async function signedIn(user: UserName, hash = ''): Promise<Page> {
    const page = await pages.open(`${stack.url}/${hash}`)
    await page.getByLabel('Token').fill(await api.issueToken(user))
    await page.getByRole('button', { name: 'Use this token' }).click()
    return page
  }

  /** Signs in as somebody who sees everything. */
  async function asEnzo(page: Page): Promise<void> {
    await page.getByLabel('Token').fill(await api.issueToken('enzo'))
    await page.getByRole('button', { name: 'Use this token' }).click()
    await row(page, 'of frida').waitFor()
  }

  /** The page hears that the token of a held question is not good. */
  async function refuse(page: Page, held: Route): Promise<void> {
    const refusal = { status: 'error', error: 'Not any more.', error_code: 'token_expired' }
    const answered = page.waitForResponse((response) => response.request() === held.request())
    await held.fulfill({ json: refusal, status: 401 })
    await (await answered).finished()
  }

  async function isAtWork(page: Page): Promise<void> {
    await page.getByRole('button', { name: /^Actions for “of frida”/ }).click()
    await page.getByRole('menuitem', { name: 'Extend the lease' }).click()
    await page.getByText(/^The lease of “of frida” runs until/).waitFor()
  }

  it('nobody sees anything without one', async () => {
    const page = await pages.open(stack.url)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('listitem').count()).toBe(0)
    await page.getByLabel('Token').fill('invented')
    await page.keyboard.press('Enter')
    await page
      .getByRole('alert')
      .getByText(/^Not authenticated/)
      .waitFor()
  })

  it('a member sees the sessions of their own clients, and of nobody else', async () => {
    const page = await signedIn('kiosk')
    await row(page, 'of the till').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByText('user-kiosk, member of atelier').waitFor()
    expect(await row(page, 'of frida').count()).toBe(0)
    await stack.session('till', { name: 'new at the till' }, 'kiosk')
    await row(page, 'new at the till').waitFor()
  })

  it('a member sees what becomes of images, by time alone, too, and asks for none again and again', async () => {
    const report = (status: string) =>
      stack.run('report_image_status', { image_id: 'shop', status }, 'kiosk')
    await report('Connected')
    await stack.session('till', { name: 'in the shop', image_id: 'shop' }, 'kiosk')
    const page = await signedIn('kiosk')
    const badge = page.getByRole('region', { name: 'shop' }).locator('.badge.status')
    await expect.poll(() => badge.textContent(), { timeout: 10_000 }).toBe('Connected')
    await page.getByText('Live', { exact: true }).waitFor()
    await report('Disconnected')
    await expect.poll(() => badge.textContent(), { timeout: 10_000 }).toBe('Disconnected')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.clock.install()
    await page.clock.fastForward(120_000)
    expect(asked.filter((url) => url.endsWith('/v1/messages'))).toEqual([])
    await stack.advance(300_000)
    await expect.poll(() => badge.textContent(), { timeout: 10_000 }).toBe('Orphaned')
  })

  it('a member whose token covers every client says which one', async () => {
    const page = await signedIn('frida')
    await page.getByLabel('Client id').fill('frida-1')
    await page.getByRole('button', { name: 'Show its sessions' }).click()
    await row(page, 'of frida').waitFor()
    const other = await signedIn('frida', '#client=till')
    await other.getByText('There are no sessions yet.').waitFor()
  })

  it('an admin sees the whole team, and what becomes of it', async () => {
    const page = await signedIn('enzo')
    await row(page, 'of the till').waitFor()
    await row(page, 'of frida').waitFor()
    await stack.session('frida-2', { name: 'just begun' }, 'frida')
    await row(page, 'just begun').waitFor()
  })

  it('an admin closes, revives, extends and moves what is a member’s, and is told why there is no more', async () => {
    const session_id = await stack.session('frida-3', { name: 'of a member' }, 'frida')
    const info = () => stack.run('get_session_info', { session_id }, 'frida')
    const page = await signedIn('enzo')
    const open = () =>
      row(page, 'of a member')
        .getByRole('button', { name: /^Actions for/ })
        .click()
    const choose = async (item: string) => {
      await open()
      await page.getByRole('menuitem', { name: item }).click()
    }
    await open()
    expect(await page.getByRole('menuitem').allTextContents()).toEqual([
      'Extend the lease',
      'Move to another image…',
      'Close',
      'Name, history and export are for its owner alone',
    ])
    await page.getByRole('menuitem', { name: 'Close' }).click()
    await page.getByText(/^“of a member” is closed/).waitFor()
    expect((await info()).status).toBe('closed')
    await page.getByRole('button', { name: 'Undo' }).click()
    await row(page, 'of a member').getByText('Active').waitFor()
    expect((await info()).status).toBe('active')
    await choose('Extend the lease')
    await page.getByText(/^The lease of “of a member” runs until/).waitFor()
    await choose('Move to another image…')
    expect(await page.getByLabel('Take the context along').count()).toBe(0)
    await page.getByLabel('To image').fill('workbench')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('button', { name: 'Move', exact: true }).click()
    await page.getByText(/“of a member” works on workbench now/).waitFor()
    expect((await info()).image_id).toBe('workbench')
  })

  it('an admin cleans up for a member, and takes that back', async () => {
    const its = { name: 'left over', image_id: 'shelf', timeout: 60 }
    const session_id = await stack.session('frida-4', its, 'frida')
    const status = async () => (await stack.run('get_session_info', { session_id }, 'frida')).status
    await stack.advance(60_000)
    const page = await signedIn('enzo')
    await page.getByRole('button', { name: 'Clean up shelf…' }).click()
    await page.getByRole('button', { name: 'Close 1 session' }).click()
    await page.getByText('1 session of shelf closed.').waitFor()
    expect(await status()).toBe('closed')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('1 session revived.').waitFor()
    expect(await status()).toBe('active')
  })

  it('an admin of another team sees nothing of this one', async () => {
    const page = await signedIn('olga')
    await page.getByText('There are no sessions yet.').waitFor()
    expect(await page.getByRole('listitem').count()).toBe(0)
  })

  it('a token is in no cookie, no storage and no address, and gone with the page', async () => {
    const page = await signedIn('enzo')
    await row(page, 'of frida').waitFor()
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])
    )
    expect(kept).toBe(JSON.stringify([{}, {}, '', `${stack.url}/`]))
    expect(await page.context().cookies()).toEqual([])
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('signing out takes everything off the page', async () => {
    const page = await signedIn('enzo')
    await row(page, 'of frida').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByText('of frida').count()).toBe(0)
  })

  it('an answer that comes after signing out is nobody’s, and ends nobody else’s page', async () => {
    const page = await signedIn('kiosk')
    await row(page, 'of the till').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    const held = Promise.withResolvers<Route>()
    await page.route('**/v1/messages', (route) => {
      if (route.request().postData()?.includes('export_session')) held.resolve(route)
      else void route.continue()
    })
    await row(page, 'of the till')
      .getByRole('button', { name: /^Actions for/ })
      .click()
    await page.getByRole('menuitem', { name: 'Export' }).click()
    const late = await held.promise
    await page.getByRole('button', { name: 'Sign out' }).click()
    await asEnzo(page)
    await refuse(page, late)
    await isAtWork(page)
  })

  it('a token that is refused late ends nothing of another one that was given meanwhile', async () => {
    const page = await pages.open(stack.url)
    const held = Promise.withResolvers<Route>()
    await page.route('**/panel/me', (route) => {
      if (route.request().headers().authorization === 'Bearer invented') held.resolve(route)
      else void route.continue()
    })
    await page.getByLabel('Token').fill('invented')
    await page.keyboard.press('Enter')
    await asEnzo(page)
    await refuse(page, await held.promise)
    await isAtWork(page)
  })

  it('a page that asks whether its token is still good ends nothing of another one', async () => {
    const page = await pages.open('about:blank')
    // No socket ever opens there.
    await page.addInitScript(() => {
      window.WebSocket = class extends WebSocket {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(new URL('/v1/none', url), protocols)
        }
      }
    })
    await page.goto(stack.url)
    const token = await api.issueToken('kiosk')
    const held = Promise.withResolvers<Route>()
    let asked = 0
    await page.route('**/panel/me', (route) => {
      const isTheirs = route.request().headers().authorization === `Bearer ${token}`
      asked += isTheirs ? 1 : 0
      if (isTheirs && asked === 2) held.resolve(route)
      else void route.continue()
    })
    await page.getByLabel('Token').fill(token)
    await page.keyboard.press('Enter')
    const late = await held.promise
    await page.getByRole('button', { name: 'Sign out' }).click()
    await asEnzo(page)
    await refuse(page, late)
    await isAtWork(page)
  })

  it('a token that was taken back ends the page at the next thing that is asked', async () => {
    const introspecting = await startPanelStack({ api, mode: 'introspection' })
    try {
      await introspecting.session('frida-9', { name: 'mine' }, 'frida')
      const token = await api.issueToken('frida')
      const page = await pages.open(`${introspecting.url}/#client=frida-9`)
      await page.getByLabel('Token').fill(token)
      await page.keyboard.press('Enter')
      await row(page, 'mine').waitFor()
      api.revoke(token)
      await introspecting.advance(61_000)
      await row(page, 'mine')
        .getByRole('button', { name: /^Actions for/ })
        .click()
      await page.getByRole('menuitem', { name: 'Close' }).click()
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      expect(await page.getByText('mine').count()).toBe(0)
    } finally {
      await introspecting[Symbol.asyncDispose]()
    }
  })
})
