// Walks through the states of the panel in one look, and has a picture taken of each.

import type { BrowserContext, Page } from 'playwright-core'
import { actions, choose, row } from '../support/panel-scene.ts'
import type { PanelStack } from '../support/panel-stack.ts'
import type { TestApi } from '../support/stui-api.ts'
import type { Look, State } from './pictures-page.ts'

export type Walk = {
  readonly context: BrowserContext
  readonly look: Look
  readonly api: TestApi
  /** Where somebody signs in, and where a team works whom nobody asks. */
  readonly signingIn: PanelStack
  readonly team: PanelStack
  readonly take: (page: Page, state: State) => Promise<unknown>
}

const MESSAGES = '**/v1/messages'

const REFUSAL = {
  status: 'error',
  error: 'The service failed. Send it again.',
  error_code: 'internal_error',
}

export async function takeStates(walk: Walk): Promise<void> {
  const page = await walk.context.newPage()
  await beforeWork(page, walk)
  await atWork(page, walk)
  await refusals(page, walk)
  await dialogs(page, walk)
  await withoutService(page, walk)
}

async function beforeWork(page: Page, { api, signingIn, team, take }: Walk): Promise<void> {
  await page.goto(signingIn.url)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await take(page, 'sign-in')
  const signIn = async (user: 'priya' | 'enzo') => {
    await page.getByLabel('Token').fill(await api.issueToken(user))
    await page.getByRole('button', { name: 'Use this token' }).click()
  }
  await signIn('priya')
  await page.getByLabel('Client id').waitFor()
  await take(page, 'client-choice')
  await page.reload()
  await signIn('enzo')
  await page.getByText("bridge in step (Frida's laptop)").waitFor()
  await menu(page, 'Rounding of invoices')
  await take(page, 'admin')
  await page.goto(`${team.url}/#client=nobody`)
  await page.getByText('There are no sessions yet.').waitFor()
  await take(page, 'empty')
  await page.route(MESSAGES, () => undefined)
  await page.reload()
  await page.getByText('Loading the sessions…').waitFor()
  await take(page, 'loading')
  await page.unroute(MESSAGES)
}

async function atWork(page: Page, { team, look, take }: Walk): Promise<void> {
  await page.setViewportSize({ width: look.width, height: look.high })
  await page.goto(team.url)
  await page.reload()
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByText('Debugging the parser').waitFor()
  await page.getByText('12 changes wait').first().waitFor()
  await take(page, 'sessions')
  await menu(page, 'Refactoring collections')
  await take(page, 'menu')
  await page.keyboard.press('Escape')
  const closed = page.getByLabel('Show closed')
  await closed.check()
  await row(page, 'A spike').scrollIntoViewIfNeeded()
  await take(page, 'closed')
  await closed.uncheck()
}

/** Somebody else closes the session while its dialog is open. */
async function refusals(page: Page, { team, take }: Walk): Promise<void> {
  const { sessions } = await team.run('list_client_sessions', { client_id: 'grace' })
  const its = sessions as readonly { readonly name: string; readonly session_id: string }[]
  const session_id = its.find(({ name }) => name === 'Tracing the lexer')?.session_id
  const revive = page.getByRole('button', { name: /make it active again$/ }).last()
  const back = async () => {
    await revive.click()
    await page.getByText(/^Done: /).waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await row(page, 'Tracing the lexer').waitFor()
  }
  await choose(page, 'Tracing the lexer', 'Rename…')
  await page.getByRole('textbox', { name: 'Name' }).fill('Tracing the lexer and the parser')
  await take(page, 'rename')
  await team.run('close_session', { session_id })
  await page.getByRole('button', { name: 'Rename' }).click()
  await revive.waitFor()
  await take(page, 'refused')
  await back()
  await choose(page, 'Tracing the lexer', 'Move to another image…')
  await page.getByLabel('To image').fill('pharo-13')
  await team.run('close_session', { session_id })
  await page.getByRole('button', { name: 'Preview' }).click()
  await revive.waitFor()
  await take(page, 'refused-move')
  await back()
}

async function dialogs(page: Page, { take }: Walk): Promise<void> {
  await choose(page, 'Refactoring collections', 'History and revert…')
  await page.getByRole('row', { name: 'tests green' }).getByRole('button').click()
  await page.locator('.lines').waitFor()
  await take(page, 'history')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Clean up Squeak 6…' }).click()
  await page.getByText('This would close').waitFor()
  await take(page, 'cleanup')
  await page.getByRole('button', { name: 'Close 1 session' }).click()
  await page.getByText('1 session of Squeak 6 closed.').waitFor()
  await take(page, 'cleaned')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await choose(page, 'Refactoring collections', 'Move to another image…')
  await page.getByLabel('To image').fill('pharo-13')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByRole('cell', { name: 'session_state' }).waitFor()
  await take(page, 'move')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Import…' }).click()
  await take(page, 'import')
  await page.keyboard.press('Escape')
}

async function withoutService(page: Page, { context, look, take }: Walk): Promise<void> {
  await context.setOffline(true)
  await page.getByText('Offline', { exact: true }).waitFor({ timeout: 20_000 })
  await take(page, 'offline')
  await context.setOffline(false)
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 })
  await page.setViewportSize({ width: look.width, height: look.low })
  await page.route(MESSAGES, (route) => route.fulfill({ json: REFUSAL, status: 500 }))
  await page.reload()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  await take(page, 'failed')
}

const menu = (page: Page, name: string) => actions(page, name).click()
