// A small table: a caption for those who listen, heads, and cells of text or elements. On a phone each row is a block whose
// cells bring their head along (style.css); the roles say that it is a table nevertheless.

import { type Child, h } from './dom.ts'

export function table(
  heads: readonly string[],
  rows: readonly (readonly Child[])[],
  caption?: string
): HTMLElement {
  const head = h(
    'tr',
    { role: 'row' },
    ...heads.map((text) => h('th', { scope: 'col', role: 'columnheader' }, text))
  )
  const body = rows.map((cells) =>
    h(
      'tr',
      { role: 'row' },
      ...cells.map((cell, column) =>
        h('td', { role: 'cell', 'data-head': heads[column] }, h('div', {}, cell))
      )
    )
  )
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption ?? heads.join(', ') },
    h(
      'table',
      { role: 'table' },
      caption !== undefined && h('caption', { class: 'unseen' }, caption),
      h('thead', { role: 'rowgroup' }, head),
      h('tbody', { role: 'rowgroup' }, ...body)
    )
  )
}
