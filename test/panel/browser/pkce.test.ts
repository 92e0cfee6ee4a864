// Signing in where the STUI API has a place for it: there and back, with nothing left behind.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { usePages } from '../../support/browser.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { type PanelStack, startPanelStack } from '../../support/panel-stack.ts'
import { startTestApi, type TestApi } from '../../support/stui-api.ts'

describe.skipIf(CHROMIUM === undefined)('signing in at the STUI API', () => {
  const pages = usePages()
  let api: TestApi
  let stack: PanelStack

  beforeAll(async () => {
    api = await startTestApi()
    stack = await startPanelStack({ api, settings: { STUI_PANEL_CLIENT_ID: api.panelClientId } })
    api.signInFor(stack.url)
  })

  afterAll(async () => {
    await stack[Symbol.asyncDispose]()
    await api.stop()
  })

  const button = `Sign in at 127.0.0.1`

  it('leads back to the sessions, and leaves no code, verifier or token in the address or in storage', async () => {
    const page = await pages.open(`${stack.url}/#client=mine`)
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByRole('button', { name: 'enzo' }).waitFor()
    const asked = new URL(page.url())
    await page.getByRole('button', { name: 'enzo' }).click()
    await page.getByText('There are no sessions yet.').waitFor()
    await page.getByText('user-enzo, admin of atelier').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    expect(page.url()).toBe(`${stack.url}/#client=mine`)
    const kept = await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }])
    expect(kept).toEqual([{}, {}])
    expect(asked.origin).toBe(api.issuer)
    expect(asked.searchParams.get('redirect_uri')).toBe(`${stack.url}/`)
    expect(asked.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
  })

  it('says so if it was broken off there', async () => {
    const page = await pages.open(stack.url)
    await page.getByRole('button', { name: button }).click()
    await page.getByRole('button', { name: 'Do not sign in' }).click()
    await page
      .getByRole('alert')
      .getByText('The sign-in was not finished. Sign in again.')
      .waitFor()
  })

  it('takes no code that it did not ask for', async () => {
    const page = await pages.open(`${stack.url}/?code=stolen&state=theirs`)
    await page.getByRole('alert').getByText('The sign-in was not finished.').waitFor()
    expect(page.url()).toBe(`${stack.url}/`)
  })
})
