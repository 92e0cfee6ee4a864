// The head of the page: what it is, who is signed in, whether what is shown is live, and the way out.

import type { Me, PanelConfig } from '../view/config.ts'
import { agoText } from '../view/units.ts'
import { visible } from '../view/visible-text.ts'
import { button } from './dialog.ts'
import { fill, h, say } from './dom.ts'
import type { LiveState } from './live.ts'
import { themeButton } from './theme.ts'

export type Shell = {
  readonly main: HTMLElement
  /** Undefined when nobody is signed in. */
  showWho(me: Me | undefined, config: PanelConfig): void
  showState(state: LiveState | undefined): void
  tick(now: number): void
}

export function createShell(onSignOut: () => void): Shell {
  const top = document.querySelector<HTMLElement>('#top') ?? document.body
  const main = document.querySelector<HTMLElement>('#main') ?? document.body
  const who = h('p', { class: 'who-am-i' })
  const live = h('p', { class: 'live', role: 'status' })
  const out = button('Sign out', onSignOut)
  out.hidden = true
  let away: number | undefined
  fill(
    top,
    h('p', { class: 'brand' }, 'STUI Sessions'),
    live,
    who,
    h('div', { class: 'buttons' }, themeButton(), out)
  )

  return {
    main,
    showWho: (me, config) => {
      out.hidden = me === undefined || config.auth === 'off'
      fill(who, ...(me === undefined ? [] : whoText(me, config)))
    },
    showState: (state) => {
      live.dataset.state = state?.kind ?? ''
      away = state?.kind === 'away' ? state.since : undefined
      say(live, state === undefined ? '' : WORDS[state.kind])
    },
    tick: (now) => {
      if (away !== undefined) live.title = `since ${agoText(now - away)}`
    },
  }
}

const WORDS: { readonly [Kind in LiveState['kind']]: string } = {
  loading: 'Loading',
  live: 'Live',
  away: 'Offline',
  failed: 'Failed',
}

function whoText({ subject, team, role }: Me, { auth }: PanelConfig): (Node | string)[] {
  if (auth === 'off') return ['local: nobody needs a token']
  return [h('bdi', {}, visible(subject)), ', ', role, ' of ', h('bdi', {}, visible(team))]
}
