// Takes the README's pictures: each state of the panel, in both themes and at both widths. A program (npm run pictures).

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { endBuilding } from '../../local-bridge/stack/build-worker.ts'
import { CHROMIUM } from '../support/chromium.ts'
import { type PanelStack, startPanelStack } from '../support/panel-stack.ts'
import { startTestApi } from '../support/stui-api.ts'

const FOLDER = join(import.meta.dirname, '../../pictures')

const LOOKS = [
  { look: 'dark', colorScheme: 'dark', viewport: { width: 1200, height: 820 } },
  { look: 'light', colorScheme: 'light', viewport: { width: 1200, height: 820 } },
  { look: 'phone', colorScheme: 'dark', viewport: { width: 390, height: 820 } },
] as const

mkdirSync(FOLDER, { recursive: true })
const api = await startTestApi()
const signingIn = await startPanelStack({ api })
const stack = await startPanelStack()
await endBuilding()
const session_id = await peopled(stack)
const browser = await chromium.launch({
  ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
  args: ['--no-sandbox'],
})
for (const { look, ...options } of LOOKS) {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const take = (state: string) => page.screenshot({ path: join(FOLDER, `${state}-${look}.png`) })
  await page.goto(signingIn.url)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await take('sign-in')
  await page.goto(`${stack.url}/#client=nobody`)
  await page.getByText('There are no sessions yet.').waitFor()
  await take('empty')
  await page.goto(stack.url)
  await page.reload()
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByText('Debugging the parser').waitFor()
  await take('sessions')
  await menu(page, 'Refactoring collections')
  await take('menu')
  await page.getByRole('menuitem', { name: 'History and revert…' }).click()
  await page.getByRole('button', { name: 'Compare revision 2 with now' }).click()
  await page.locator('.lines').waitFor()
  await take('history')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Clean up Squeak 6…' }).click()
  await page.getByText('This would close').waitFor()
  await take('cleanup')
  await page.keyboard.press('Escape')
  await context.setOffline(true)
  await page.getByText('Offline', { exact: true }).waitFor({ timeout: 20_000 })
  await take('offline')
  await context.close()
}
await stack.run('close_session', { session_id })
await browser.close()
for (const one of [stack, signingIn]) await one[Symbol.asyncDispose]()
await api.stop()

async function menu(page: Page, name: string): Promise<void> {
  const row = page.getByRole('listitem').filter({ hasText: name })
  await row.getByRole('button', { name: /^Actions for/ }).click()
}

/** A team at work: images of every status, sessions of every standing. Gives a session with a history. */
async function peopled(team: PanelStack): Promise<string> {
  const image = (image_id: string, status: string, name: string, port: number) =>
    team.image(image_id, status, {
      ...{ name, version: name.replace(/^\D*/, ''), address: `localhost:${port}` },
      ...(status === 'Connected' && { round_trip_ms: 4 }),
    })
  await image('squeak-6', 'Connected', 'Squeak 6', 5603)
  await team.session('mia', { name: 'Morphic experiments', image_id: 'squeak-6', timeout: 86_400 })
  await team.advance(1000)
  for (const status of ['Connected', 'Disconnected'])
    await image('squeak-6', status, 'Squeak 6', 5603)
  await team.session('noah', { name: 'Yesterday', timeout: 60 })
  await team.advance(3_400_000)
  await image('pharo-12', 'Connected', 'Pharo 12', 5601)
  await image('pharo-13', 'Connected', 'Pharo 13', 5602)
  const worked = await team.session('ada', {
    name: 'Refactoring collections',
    image_id: 'pharo-12',
  })
  for (let n = 1; n <= 12; n += 1) {
    const state_data = {
      selection: `Collection>>#step${n}`,
      breakpoints: n,
      text: 'x'.repeat(n * 900),
    }
    await team.run('update_session_state', { session_id: worked, state_data })
    if (n % 4 === 0) await team.run('restore_session', { session_id: worked })
  }
  await team.session('ada', { name: 'Profiling', image_id: 'pharo-13', timeout: 240 })
  await team.advance(190_000)
  await image('pharo-12', 'Connected', 'Pharo 12', 5601)
  await image('pharo-13', 'Connected', 'Pharo 13', 5602)
  await team.session('grace', { name: 'Debugging the parser', image_id: 'pharo-12' })
  await team.session('grace', { image_id: 'pharo-13' })
  return worked
}
