// Takes the README's pictures: each state of the panel, in both themes and at both widths. A program (npm run pictures).

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { endBuilding } from '../../local-bridge/stack/build-worker.ts'
import { CHROMIUM } from '../support/chromium.ts'
import { startPanelStack } from '../support/panel-stack.ts'
import { startTestApi } from '../support/stui-api.ts'
import { memberAtWork } from './member-at-work.ts'
import { fileName, LOOKS, picturesPage } from './pictures-page.ts'
import { takeStates } from './take-states.ts'
import { workingDay } from './working-day.ts'

const FOLDER = join(import.meta.dirname, '../../pictures')

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
for (const [index, look] of LOOKS.entries()) {
  const context = await browser.newContext({
    ...{ colorScheme: look.colorScheme, locale: 'en-GB', reducedMotion: 'reduce' },
    viewport: { width: look.width, height: look.low },
  })
  await takeStates({
    ...{ context, look, api, signingIn, team: stacks[index] ?? signingIn },
    take: (page, state) => page.screenshot({ path: join(FOLDER, fileName(state, look)) }),
  })
  await context.close()
}
writeFileSync(join(FOLDER, 'README.md'), picturesPage())
clearInterval(heartbeat)
await browser.close()
for (const one of [...stacks, signingIn]) await one[Symbol.asyncDispose]()
await api.stop()
