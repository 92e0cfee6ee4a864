// Makes elements. Text goes into text nodes and attributes, never through a parser: nothing that anybody wrote can become
// markup. Anybody's text is isolated, so that its direction is its own.

import { visible } from '../view/visible-text.ts'

export type Child = Node | string | undefined | false

type Listeners = {
  readonly [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void
}

export type Attributes = {
  readonly class?: string
  readonly on?: Listeners
  readonly [name: string]: string | number | boolean | Listeners | undefined
}

/** An element with attributes, listeners and children. True is an empty attribute; false and undefined are none. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  const { on = {}, ...own } = attributes
  set(element, own)
  for (const [name, listener] of Object.entries(on)) {
    element.addEventListener(name, listener as EventListener)
  }
  element.append(...shown(children))
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** An element of a picture. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag)
  set(element, attributes)
  element.append(...shown(children))
  return element
}

/** Text of anybody's: what cannot be seen has a symbol, and its direction does not reach beyond it. */
export function theirs(text: string, attributes: Attributes = {}): HTMLElement {
  return h('bdi', attributes, visible(text))
}

/** Changes a text only if it differs: whoever reads along is not told the same again. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** Replaces what is in an element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...shown(children))
}

/** Puts a child at its place. One that is there already is not touched; one that moves keeps the focus that it has. */
export function put(parent: HTMLElement, child: HTMLElement, place: number): void {
  const there = parent.children[place] ?? null
  if (there === child) return
  const { activeElement } = document
  const focused = child.contains(activeElement) ? activeElement : null
  parent.insertBefore(child, there)
  if (focused instanceof HTMLElement) focused.focus()
}

function shown(children: readonly Child[]): (Node | string)[] {
  return children.filter((child) => child !== undefined && child !== false)
}

function set(element: Element, attributes: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    element.setAttribute(name, value === true ? '' : String(value))
  }
}
