// A small table: a caption for those who listen, heads, and cells of text or elements.

import { type Child, h } from './dom.ts'

export function table(
  heads: readonly string[],
  rows: readonly (readonly Child[])[],
  caption?: string
): HTMLElement {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption ?? heads.join(', ') },
    h(
      'table',
      {},
      caption !== undefined && h('caption', { class: 'unseen' }, caption),
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, ...rows.map((cells) => h('tr', {}, ...cells.map((cell) => h('td', {}, cell)))))
    )
  )
}
