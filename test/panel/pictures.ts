// Takes the README's pictures: each state of the panel, in both themes and at both widths. A program (npm run pictures).

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { endBuilding } from '../../local-bridge/stack/build-worker.ts'
import { CHROMIUM } from '../support/chromium.ts'
import { startPanelStack } from '../support/panel-stack.ts'
import { startTestApi } from '../support/stui-api.ts'
import { memberAtWork } from './member-at-work.ts'
import { workingDay } from './working-day.ts'

const FOLDER = join(import.meta.dirname, '../../pictures')

/** What shows a whole team is higher than what shows little. */
const LOOKS = [
  { look: 'dark', colorScheme: 'dark', width: 1200, low: 560, high: 1010 },
  { look: 'light', colorScheme: 'light', width: 1200, low: 560, high: 1010 },
  { look: 'phone', colorScheme: 'dark', width: 390, low: 820, high: 820 },
] as const

/** How often bridges report what is there. */
const HEARTBEAT_MS = 4000

mkdirSync(FOLDER, { recursive: true })
const api = await startTestApi()
const signingIn = await startPanelStack({ api })
const stacks = await Promise.all(LOOKS.map(() => startPanelStack()))
await endBuilding()
const days = await Promise.all([...stacks.map(workingDay), memberAtWork(signingIn)])
const heartbeat = setInterval(() => {
  for (const day of days) void day.heartbeat()
}, HEARTBEAT_MS)
const browser = await chromium.launch({
  ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
  args: ['--no-sandbox'],
})
for (const [index, { look, width, low, high, colorScheme }] of LOOKS.entries()) {
  const { url } = stacks[index] ?? signingIn
  const context = await browser.newContext({
    ...{ colorScheme, locale: 'en-GB', reducedMotion: 'reduce' },
    viewport: { width, height: low },
  })
  const page = await context.newPage()
  const take = (state: string) => page.screenshot({ path: join(FOLDER, `${state}-${look}.png`) })
  await page.goto(signingIn.url)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await take('sign-in')
  await page.getByLabel('Token').fill(await api.issueToken('enzo'))
  await page.getByRole('button', { name: 'Use this token' }).click()
  await page.getByText("bridge in step (Frida's laptop)").waitFor()
  await menu(page, 'Rounding of invoices')
  await take('admin')
  await page.goto(`${url}/#client=nobody`)
  await page.getByText('There are no sessions yet.').waitFor()
  await take('empty')
  await page.setViewportSize({ width, height: high })
  await page.goto(url)
  await page.reload()
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByText('Debugging the parser').waitFor()
  await page.getByText('12 changes wait').first().waitFor()
  await take('sessions')
  await menu(page, 'Refactoring collections')
  await take('menu')
  await page.getByRole('menuitem', { name: 'History and revert…' }).click()
  await page.getByRole('row', { name: 'tests green' }).getByRole('button').click()
  await page.locator('.lines').waitFor()
  await take('history')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Clean up Squeak 6…' }).click()
  await page.getByText('This would close').waitFor()
  await take('cleanup')
  await page.getByRole('button', { name: 'Close 1 session' }).click()
  await page.getByText('1 session of Squeak 6 closed.').waitFor()
  await take('cleaned')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await menu(page, 'Refactoring collections')
  await page.getByRole('menuitem', { name: 'Move to another image…' }).click()
  await page.getByLabel('To image').fill('pharo-13')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByRole('cell', { name: 'session_state' }).waitFor()
  await take('move')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Import…' }).click()
  await take('import')
  await page.keyboard.press('Escape')
  await context.setOffline(true)
  await page.getByText('Offline', { exact: true }).waitFor({ timeout: 20_000 })
  await take('offline')
  await context.setOffline(false)
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 })
  const refusal = {
    status: 'error',
    error: 'The service failed. Send it again.',
    error_code: 'internal_error',
  }
  await page.setViewportSize({ width, height: low })
  await page.route('**/v1/messages', (route) => route.fulfill({ json: refusal, status: 500 }))
  await page.reload()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  await take('failed')
  await context.close()
}
clearInterval(heartbeat)
await browser.close()
for (const one of [...stacks, signingIn]) await one[Symbol.asyncDispose]()
await api.stop()

async function menu(page: Page, name: string): Promise<void> {
  const row = page.getByRole('listitem').filter({ hasText: name })
  await row.getByRole('button', { name: /^Actions for/ }).click()
}
