// Brings somebody from the empty page to their sessions: settings, sign-in, whose sessions, and then the live page.

import type { Me, PanelConfig } from '../view/config.ts'
import { createModel } from '../view/model.ts'
import { type Ask, createAsk, fetched, OFFLINE, type Refusal, refusalOf } from './ask.ts'
import { button } from './dialog.ts'
import { fill, h } from './dom.ts'
import { startLive } from './live.ts'
import { createLoader } from './load.ts'
import type { Machine } from './machine.ts'
import { createNotices } from './notices.ts'
import type { Panel, Scope } from './panel.ts'
import { comeBack } from './pkce.ts'
import { sessionsView } from './sessions-view.ts'
import { createShell } from './shell.ts'
import { showClientChoice, showSignIn } from './sign-in.ts'

export function startPanel(machine: Machine, random: (bytes: number) => Uint8Array): void {
  const shell = createShell(() => signOut(undefined))
  const notices = createNotices(machine)
  let token: string | undefined
  let config: PanelConfig | undefined
  let stop = () => {}

  void begin()

  async function begin(): Promise<void> {
    const told = await fetched('/panel/config.json')
    if (told?.auth === undefined) {
      refused(told === undefined ? OFFLINE : refusalOf(told), begin)
      return
    }
    config = told as PanelConfig
    if (config.auth === 'off') return enter()
    const back = config.auth === 'pkce' ? await comeBack() : undefined
    if (back?.ok) token = back.value
    return token === undefined
      ? signOut(back?.ok === false ? back.failure.sentence : undefined)
      : enter()
  }

  /** Finds out who the token stands for. */
  async function enter(): Promise<void> {
    if (config === undefined) return
    const given = token
    const told = await fetched('/panel/me', given)
    // Another one was given meanwhile.
    if (token !== given) return
    if (told?.subject === undefined) {
      const refusal = told === undefined ? OFFLINE : refusalOf(told)
      if (config.auth !== 'off' && told !== undefined) signOut(refusal.sentence)
      else refused(refusal, enter)
      return
    }
    const me = told as Me
    shell.showWho(me, config)
    const scope = scopeOf(me)
    if (scope !== undefined) return open(config, me, scope)
    showClientChoice(shell.main, me.client_ids, (ids) => {
      location.hash = new URLSearchParams({ client: ids.join(',') }).toString()
      if (config !== undefined) open(config, me, { kind: 'clients', ids })
    })
  }

  function open(settings: PanelConfig, me: Me, scope: Scope): void {
    stop()
    let isShown = true
    const model = createModel()
    const asked = createAsk({
      ...{ token: () => token, newId: machine.newId },
      onSignedOut: (why) => (isShown ? signOut(why) : undefined),
    })
    /** What comes after signing out is nobody's: who waited for it goes no further. */
    const ask: Ask = async (...question) => {
      const answer = isShown ? await asked(...question) : undefined
      return isShown && answer !== undefined ? answer : new Promise(() => {})
    }
    const loader = createLoader({ ask, model, scope, machine })
    const panel: Panel = {
      ...{ machine, config: settings, me, scope, model, ask, notices },
      refresh: (image_ids) => live.refresh(image_ids),
    }
    const view = sessionsView(panel, () => live.wake())
    const live = startLive({
      ...{ machine, model, loader, scope, token: () => token, mayTry },
      onState: (state) => {
        shell.showState(state)
        view.showState(state)
      },
      onLoaded: view.loaded,
      onChange: view.changed,
      onStatistics: view.showStatistics,
      onHeard: view.announce,
      onBridges: view.announceBridges,
    })
    shell.showState({ kind: 'loading' })
    fill(shell.main, view.element)
    const wake = () => live.wake()
    addEventListener('online', wake)
    stop = () => {
      isShown = false
      removeEventListener('online', wake)
      live.stop()
      view.stop()
      stop = () => {}
    }
  }

  /** A socket does not tell why it did not open: the same token asks here, where a refusal can be read. */
  async function mayTry(): Promise<boolean> {
    const given = token
    const told = await fetched('/panel/me', given)
    const isRefused = told?.error_code === 'unauthenticated' || told?.error_code === 'token_expired'
    if (isRefused && told !== undefined && token === given) signOut(refusalOf(told).sentence)
    return !isRefused
  }

  /** Forgets the token and everything that it showed. */
  function signOut(why: string | undefined): void {
    if (config === undefined) return
    token = undefined
    stop()
    notices.clear()
    for (const dialog of document.querySelectorAll('dialog')) dialog.close()
    shell.showWho(undefined, config)
    shell.showState(undefined)
    showSignIn({
      ...{ place: shell.main, config, why, random },
      onToken: (given) => {
        token = given
        void enter()
      },
    })
  }

  function refused({ sentence }: Refusal, again: () => Promise<void>): void {
    const retry = button('Try again', () => void again())
    const heading = h('h1', {}, 'The panel cannot begin')
    fill(
      shell.main,
      heading,
      h('div', { class: 'banner', role: 'alert' }, h('p', {}, sentence), retry)
    )
  }
}

/** Whose sessions somebody sees; undefined if they have to say which client they mean. */
function scopeOf({ role, client_ids }: Me): Scope | undefined {
  const chosen = new URLSearchParams(location.hash.slice(1)).get('client')
  if (chosen !== null && chosen !== '') return { kind: 'clients', ids: chosen.split(',') }
  if (role === 'admin' && client_ids.length === 0) return { kind: 'team' }
  const exact = client_ids.filter((id) => !id.endsWith('*'))
  return exact.length === 0 ? undefined : { kind: 'clients', ids: exact.slice(0, MOST_CLIENTS) }
}

/** Clients that are watched at once; each has a socket. */
const MOST_CLIENTS = 6
