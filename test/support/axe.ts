// What axe finds fault with on a page, in both themes and at both widths.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const RUN = `axe.run().then(({violations}) => violations.map(
  ({id, nodes}) => id + ': ' + nodes.map(({target}) => target).join(', ')))`

/** What axe has against the page as it is; empty if nothing. */
export async function violations(page: Page): Promise<string[]> {
  const found = new Set<string>()
  for (const colorScheme of ['dark', 'light'] as const) {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      for (const one of (await page.evaluate(`${AXE};${RUN}`)) as string[]) {
        found.add(`${colorScheme} ${width} ${one}`)
      }
    }
  }
  return [...found]
}
