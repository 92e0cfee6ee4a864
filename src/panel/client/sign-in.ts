// What the page shows to somebody who is not signed in, or whose token has ended.

import type { PanelConfig } from '../view/config.ts'
import { button, field } from './dialog.ts'
import { fill, h } from './dom.ts'
import { leaveToSignIn } from './pkce.ts'

export type SignInParts = {
  readonly place: HTMLElement
  readonly config: PanelConfig
  /** Why one has to, if there is more to say. */
  readonly why: string | undefined
  readonly random: (bytes: number) => Uint8Array
  readonly onToken: (token: string) => void
}

export function showSignIn({ place, config, why, random, onToken }: SignInParts): void {
  const { row, input } = field(
    'Token',
    { type: 'password', required: true, autocomplete: 'off', spellcheck: 'false' },
    'A token of the STUI API. It stays in the memory of this page and is gone when you leave it.'
  )
  const form = h('form', {}, row, h('button', { type: 'submit' }, 'Use this token'))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const token = input.value.trim().replace(/^Bearer\s+/i, '')
    input.value = ''
    if (token !== '') onToken(token)
  })
  const heading = h('h1', { tabindex: -1 }, 'Sign in')
  fill(
    place,
    h(
      'div',
      { class: 'card' },
      heading,
      why !== undefined && h('p', { role: 'alert' }, why),
      config.auth === 'pkce' &&
        button(
          `Sign in at ${new URL(config.issuer).host}`,
          () => void leaveToSignIn(config, random),
          {
            class: 'main',
          }
        ),
      config.auth === 'pkce' && h('p', { class: 'or' }, 'or'),
      form
    )
  )
  heading.focus()
}

/** Asks which client's sessions are wanted, where the token does not say. */
export function showClientChoice(
  place: HTMLElement,
  patterns: readonly string[],
  onClients: (ids: readonly string[]) => void
): void {
  const note =
    patterns.length === 0
      ? 'The id that your TUI uses; several with commas between.'
      : `Your token covers ${patterns.join(', ')}.`
  const { row, input } = field('Client id', { required: true, autocomplete: 'off' }, note)
  const form = h('form', {}, row, h('button', { type: 'submit' }, 'Show its sessions'))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const ids = input.value.split(',').map((id) => id.trim())
    onClients(ids.filter((id) => id !== ''))
  })
  const heading = h('h1', { tabindex: -1 }, 'Whose sessions?')
  fill(place, h('div', { class: 'card' }, heading, form))
  heading.focus()
}
