// What would change between two revisions of a session: before and after, value by value.

import type { Outcome } from '../../outcome.ts'
import { type Components, differences, type Line } from '../view/difference.ts'
import { shortened, visible } from '../view/visible-text.ts'
import type { Refusal } from './ask.ts'
import { fill, h } from './dom.ts'
import type { Panel } from './panel.ts'

/** Lines and characters of a value that are shown. */
const MOST_LINES = 200
const MOST_CHARACTERS = 300

/** What a revert from one revision to another would change, or why nobody can say. */
export async function differenceOf(
  panel: Panel,
  {
    session_id,
    from,
    to,
  }: { readonly session_id: string; readonly from: number; readonly to: number }
): Promise<Outcome<Line[], Refusal>> {
  const asked = (from_revision: number, to_revision: number) =>
    panel.ask('diff_session_revisions', { session_id, from_revision, to_revision }, { exact: true })
  const [forward, backward] = await Promise.all([asked(from, to), asked(to, from)])
  if (!forward.ok) return forward
  if (!backward.ok) return backward
  const value = differences(
    forward.value.result.components as Components,
    backward.value.result.components as Components
  )
  return { ok: true, value }
}

export function showDifference(place: HTMLElement, to: number, lines: readonly Line[]): void {
  const heading = h('h3', { tabindex: -1 }, `What a revert to revision ${to} would change`)
  fill(place, heading, ...contentsOf(lines))
  heading.focus()
}

function contentsOf(lines: readonly Line[]): HTMLElement[] {
  if (lines.length === 0) return [h('p', {}, 'Nothing: the state is the same.')]
  const shown = lines.slice(0, MOST_LINES)
  const more = lines.length - shown.length
  return [
    h('ul', { class: 'lines' }, ...shown.map(lineElement)),
    ...(more > 0 ? [h('p', {}, `And ${more} more.`)] : []),
  ]
}

function lineElement({ component, path, before, after }: Line): HTMLElement {
  const where = path === '' ? component : `${component} · ${path}`
  return h(
    'li',
    {},
    h('bdi', { class: 'path' }, visible(where)),
    before !== undefined && value('del', 'now', before),
    after !== undefined && value('ins', 'then', after)
  )
}

function value(tag: 'del' | 'ins', word: string, text: string): HTMLElement {
  return h(
    tag,
    {},
    h('span', { class: 'unseen' }, `${word}: `),
    h('bdi', {}, visible(shortened(text, MOST_CHARACTERS)))
  )
}
