// Dialogs: modal, labelled, left with Escape, and focus goes back to where it was.

import { type Child, h, put } from './dom.ts'

export type Dialog = {
  /** Where its own content goes. */
  readonly body: HTMLElement
  /** What can be done beside going back; a button that was offered before stays, and keeps its focus. */
  offer(...buttons: readonly HTMLButtonElement[]): void
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
  const offer = (...wanted: readonly HTMLButtonElement[]) => {
    for (const there of [...buttons.children])
      if (!wanted.some((one) => one === there)) there.remove()
    for (const [place, one] of wanted.entries()) put(buttons, one, place)
  }
  return { body, offer, close: () => element.close() }
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

/** Takes no more than so many characters, counted as the service counts them: an emoji may be one, and is two for maxlength. */
export function limitCharacters(input: HTMLInputElement, most: number): void {
  input.addEventListener('input', () => {
    const count = [...input.value].length
    const text = `At most ${most} characters are taken; these are ${count}.`
    input.setCustomValidity(count > most ? text : '')
  })
}
