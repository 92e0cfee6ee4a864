// Pages in a real Chromium, for tests of the panel.

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { CHROMIUM } from './chromium.ts'

export type Pages = {
  /** A page in a profile of its own, that fails its test if anything goes wrong in it. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>
  /** What pages complained of: errors, refusals of the policy, requests elsewhere. */
  complaints(): readonly string[]
}

/** One browser for a file of tests. */
export function usePages(): Pages {
  const complaints: string[] = []
  let browser: Browser | undefined

  beforeAll(async () => {
    browser = await chromium.launch({
      ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
      args: ['--no-sandbox'],
    })
  })

  // A page that is left open has sockets, and nobody may have many of them.
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close()
  })

  afterAll(async () => {
    await browser?.close()
    expect(complaints).toEqual([])
  })

  async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (browser === undefined) throw new Error('the browser was not started')
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (/Content.Security|Trusted/i.test(message.text())) complaints.push(message.text())
    })
    page.on('request', (request) => {
      const { host, protocol } = new URL(request.url())
      const isOurs = host === new URL(page.url()).host || !protocol.startsWith('http')
      if (!isOurs && !request.isNavigationRequest()) complaints.push(`asked ${request.url()}`)
    })
    await page.goto(url)
    return page
  }

  return { open, complaints: () => complaints }
}
