// Tells what happened, with what can be done about it as buttons. Work that takes its time shows how far it is.

import { fill, h } from './dom.ts'
import type { Machine } from './machine.ts'

export type NoticeButton = { readonly label: string; readonly press: () => void }

export type Notice = {
  readonly kind: 'done' | 'refused' | 'busy'
  readonly text: string
  readonly buttons?: readonly NoticeButton[]
  /** How far the work is, from 0 to 1; absent if nobody knows. */
  readonly progress?: number
}

export type Shown = { change(notice: Notice): void; close(): void }

export type Notices = {
  show(notice: Notice): Shown
  /** Tells only those who listen to the page. */
  announce(text: string): void
  /** Takes everything away: what it names is nobody's business any more. */
  clear(): void
}

/** Older ones go when there are more. */
const MOST = 4

/** What went well goes by itself, late enough to undo it; not while somebody is there. */
const DONE_FOR_MS = 20_000

/** Leads to the newest notice from wherever one is. */
const KEY = 'F8'

export function createNotices(machine: Machine): Notices {
  const region = document.querySelector('#notices') ?? document.body
  const announcer = document.querySelector('#announcer')
  let cameFrom: Element | null = null
  let pending: string[] = []

  function show(first: Notice): Shown {
    const element = h('div', { class: 'notice', tabindex: -1 })
    let cancel = () => {}
    const leave = () => {
      cancel = machine.after(DONE_FOR_MS, () =>
        element.matches(':hover, :focus-within') ? leave() : close()
      )
    }
    const close = () => {
      cancel()
      const hadFocus = element.contains(document.activeElement)
      element.remove()
      if (hadFocus) goBack()
    }
    const change = (notice: Notice) => {
      cancel()
      element.dataset.kind = notice.kind
      element.setAttribute('role', notice.kind === 'refused' ? 'alert' : 'status')
      fill(element, ...contentsOf(notice, close))
      if (notice.kind === 'done') leave()
    }
    region.append(element)
    change(first)
    while (region.children.length > MOST) region.firstElementChild?.remove()
    return { change, close }
  }

  document.addEventListener('keydown', (event) => {
    const newest = region.lastElementChild
    if (event.key !== KEY || !(newest instanceof HTMLElement)) return
    event.preventDefault()
    if (!region.contains(document.activeElement)) cameFrom = document.activeElement
    newest.focus()
  })

  function goBack(): void {
    if (cameFrom instanceof HTMLElement && cameFrom.isConnected) cameFrom.focus()
    else document.querySelector<HTMLElement>('#main')?.focus()
  }

  function announce(text: string): void {
    pending.push(text)
    if (pending.length > 1) return
    machine.after(600, () => {
      const said = pending.length > 3 ? `${pending.length} changes.` : pending.join(' ')
      pending = []
      if (announcer !== null) announcer.textContent = said
    })
  }

  function clear(): void {
    region.replaceChildren()
    pending = []
    if (announcer !== null) announcer.textContent = ''
  }

  return { show, announce, clear }
}

function contentsOf({ kind, text, buttons = [], progress }: Notice, close: () => void): Node[] {
  const bar = h('progress', {
    'aria-label': text,
    ...(progress !== undefined && { value: progress, max: 1 }),
  })
  return [
    h('p', {}, text),
    ...(kind === 'busy' ? [bar] : []),
    h(
      'div',
      { class: 'buttons' },
      ...buttons.map(({ label, press }) =>
        h(
          'button',
          {
            type: 'button',
            on: {
              click: () => {
                close()
                press()
              },
            },
          },
          label
        )
      ),
      kind !== 'busy' &&
        h('button', { type: 'button', class: 'quiet', on: { click: close } }, 'Dismiss')
    ),
  ]
}
