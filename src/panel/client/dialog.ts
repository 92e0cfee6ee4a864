// Dialogs: modal, labelled, left with Escape, and focus goes back to where it was.

import { type Child, h } from './dom.ts'

export type Dialog = {
  /** Where its own content goes. */
  readonly body: HTMLElement
  readonly buttons: HTMLElement
  close(): void
}

let dialogs = 0

/** Opens a dialog with this title; `Go back` is always its last button. */
export function openDialog(title: string, ...children: readonly Child[]): Dialog {
  dialogs += 1
  const id = `dialog-${dialogs}`
  const opener = document.activeElement
  const body = h('div', { class: 'dialog-body' }, ...children)
  const buttons = h('div', { class: 'buttons' })
  const close = h('button', { type: 'button', class: 'quiet' }, 'Go back')
  const element = h(
    'dialog',
    { 'aria-labelledby': id },
    h('h2', { id, tabindex: -1 }, title),
    body,
    h('div', { class: 'dialog-foot' }, buttons, close)
  )
  close.addEventListener('click', () => element.close())
  element.addEventListener('close', () => {
    element.remove()
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    else document.querySelector<HTMLElement>('#main')?.focus()
  })
  document.body.append(element)
  element.showModal()
  return { body, buttons, close: () => element.close() }
}

/** A button that does something. */
export function button(
  label: string,
  press: () => void,
  attributes: { readonly class?: string; readonly 'aria-label'?: string } = {}
): HTMLButtonElement {
  return h('button', { type: 'button', ...attributes, on: { click: press } }, label)
}

let fields = 0

/** An input with its label; `note` is said with it. */
export function field(
  label: string,
  attributes: Readonly<Record<string, string | number | boolean>>,
  note?: string
): { readonly row: HTMLElement; readonly input: HTMLInputElement } {
  fields += 1
  const id = `field-${fields}`
  const input = h('input', {
    id,
    ...attributes,
    ...(note !== undefined && { 'aria-describedby': `${id}-note` }),
  })
  const named = h('label', { for: id }, label)
  const row = h(
    'p',
    { class: 'field' },
    ...(attributes.type === 'checkbox' ? [input, named] : [named, input]),
    note !== undefined && h('small', { id: `${id}-note` }, note)
  )
  return { row, input }
}
