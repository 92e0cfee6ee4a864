// The one menu: opened beside its button, walked with arrows, left with Escape or by going elsewhere.

import { h } from './dom.ts'

/** Without `press` it only tells why something is not offered. */
export type MenuItem = { readonly label: string; readonly press?: () => void }

let open: HTMLElement | undefined

/** A button with a menu. The items are asked for when it opens: they depend on how things are then. */
export function menuButton(label: string, items: () => readonly MenuItem[]): HTMLButtonElement {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'menu-button',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-label': label,
    },
    '⋯'
  )
  button.addEventListener('click', () => show(button, label, items()))
  return button
}

function show(button: HTMLButtonElement, label: string, items: readonly MenuItem[]): void {
  if (open !== undefined) open.hidePopover()
  const menu = h('div', { role: 'menu', class: 'menu', popover: 'auto', 'aria-label': label })
  const entries = items.map(({ label: text, press }) => {
    const isOff = press === undefined && 'true'
    const entry = h(
      'button',
      { type: 'button', role: 'menuitem', tabindex: -1, 'aria-disabled': isOff },
      text
    )
    if (press === undefined) return entry
    entry.addEventListener('click', () => {
      menu.hidePopover()
      button.focus()
      press()
    })
    return entry
  })
  menu.append(...entries)
  menu.addEventListener('keydown', (event) => walk(event, menu, entries))
  menu.addEventListener('toggle', ({ newState }) => {
    if (newState !== 'closed') return
    button.setAttribute('aria-expanded', 'false')
    const hadFocus =
      menu.contains(document.activeElement) || document.activeElement === document.body
    menu.remove()
    if (open === menu) open = undefined
    if (hadFocus && document.querySelector('dialog[open]') === null) button.focus()
  })
  const main = document.querySelector('#main') ?? document.body
  main.append(menu)
  open = menu
  menu.showPopover()
  place(menu, button)
  button.setAttribute('aria-expanded', 'true')
  entries[0]?.focus()
}

function walk(event: KeyboardEvent, menu: HTMLElement, entries: readonly Element[]): void {
  const at = document.activeElement === null ? -1 : entries.indexOf(document.activeElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key]
  if (event.key === 'Tab') menu.hidePopover()
  if (to === undefined) return
  event.preventDefault()
  const entry = entries[(to + entries.length) % entries.length]
  if (entry instanceof HTMLElement) entry.focus()
}

/** Below its button if there is room, else above it; never beyond the window. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const { right, bottom, top } = button.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const isRoom = bottom + height <= window.innerHeight
  menu.style.left = `${Math.max(4, Math.min(right - width, window.innerWidth - width - 4))}px`
  menu.style.top = `${isRoom ? bottom : Math.max(4, top - height)}px`
}
