// The numbers of the team.

import { bytesText } from '../view/units.ts'
import type { Parameters } from './ask.ts'
import { h, say } from './dom.ts'

const NUMBERS = [
  ['active_sessions', 'Active'],
  ['expired_sessions', 'Expired'],
  ['orphaned_sessions', 'Orphaned'],
  ['closed_sessions', 'Closed'],
  ['active_clients', 'Clients'],
  ['images', 'Images'],
  ['total_bytes', 'Stored'],
] as const

/** The numbers are always the team's; `isTold` says so where the page shows something else. */
export function statisticsView(isTold: boolean) {
  const cells = NUMBERS.map(([key, label]) => ({ key, label, value: h('dd', {}, '–') }))
  const element = h(
    'section',
    { class: 'statistics', 'aria-label': 'Statistics of the team' },
    isTold && h('h2', {}, 'The whole team'),
    h(
      'dl',
      {},
      ...cells.map(({ key, label, value }) =>
        h('div', { 'data-number': key }, h('dt', {}, label), value)
      )
    )
  )
  return {
    element,
    show: (statistics: Parameters) => {
      for (const { key, value } of cells) {
        const number = Number(statistics[key] ?? 0)
        say(value, key === 'total_bytes' ? bytesText(number) : String(number))
      }
    },
  }
}
