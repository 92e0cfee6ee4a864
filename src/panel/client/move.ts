// Moves a session to another image: shows first what would become of each part.

import { MAX_ID_LENGTH } from '../../protocol/limits.ts'
import type { Session } from '../view/listed.ts'
import { bytesText } from '../view/units.ts'
import { visible } from '../view/visible-text.ts'
import { act, refuseIn } from './act.ts'
import type { Parameters } from './ask.ts'
import { button, field, limitCharacters, openDialog } from './dialog.ts'
import { fill, h, theirs } from './dom.ts'
import { nameOf } from './named.ts'
import type { Panel } from './panel.ts'
import { table } from './table.ts'

type Outcome = { readonly outcome: string; readonly bytes: number; readonly reason?: string }

/** Missing classes that are named; the others are counted. */
const NAMED_CLASSES = 12

export function openMove(panel: Panel, session: Session): void {
  const { session_id, image_id: from_image_id } = session
  const images = [...panel.model.images.values()].filter(
    ({ image_id }) => image_id !== from_image_id
  )
  const list = h(
    'datalist',
    { id: 'images-to-choose' },
    ...images.map(({ image_id, image_name }) =>
      h('option', { value: image_id }, visible(image_name))
    )
  )
  const note = 'The id of the image, such as those that the team works with.'
  const to = field('To image', { list: 'images-to-choose', required: true }, note)
  limitCharacters(to.input, MAX_ID_LENGTH)
  const keep = field('Take the context along', { type: 'checkbox', checked: true })
  const preview = h('div', { 'aria-live': 'polite' })
  // Only its owner may leave the context behind.
  const form = h('form', {}, to.row, session.is_own !== false && keep.row, list)
  const dialog = openDialog(`Move ${nameOf(session)} to another image`, form, preview)
  const parameters = (): Parameters => ({
    session_id,
    from_image_id,
    to_image_id: to.input.value,
    preserve_context: keep.input.checked,
  })

  let looked = 0

  async function show(): Promise<void> {
    if (!form.reportValidity()) return
    looked += 1
    const mine = looked
    fill(preview, h('p', {}, 'Looking what would move…'))
    const answer = await panel.ask('switch_image_context', { ...parameters(), dry_run: true })
    if (mine !== looked) return
    if (!answer.ok) {
      const { failure } = answer
      refuseIn(panel, dialog, { place: preview, doing: 'The preview', failure, others: [look] })
      return
    }
    fill(
      preview,
      h('h3', {}, 'What would become of each part'),
      partsOf(answer.value.result),
      lacking(answer.value.result)
    )
    dialog.offer(button('Move', move), look)
  }

  function move(): void {
    dialog.close()
    const target = visible(to.input.value)
    void act(panel, {
      command: 'switch_image_context',
      parameters: parameters(),
      doing: `Moving ${nameOf(session)}`,
      done: ({ snapshot_revision }) =>
        `${nameOf(session)} works on ${target} now. Revision ${snapshot_revision} brings back what it was.`,
    }).then(() => panel.refresh([from_image_id, to.input.value]))
  }

  const look = button('Preview', () => void show())
  dialog.offer(look)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void show()
  })
  // What was previewed is what moves: another target has to be looked at first.
  form.addEventListener('input', () => {
    looked += 1
    fill(preview)
    dialog.offer(look)
  })
  to.input.focus()
}

function partsOf({ components }: Parameters): HTMLElement {
  const parts = Object.entries((components ?? {}) as Readonly<Record<string, Outcome>>)
  if (parts.length === 0) return h('p', {}, 'The session is empty: there is nothing to take along.')
  return table(
    ['Part', 'Becomes', 'Size', 'Why'],
    parts.map(([name, { outcome, bytes, reason = '' }]) => [
      name,
      outcome,
      bytesText(Number(bytes)),
      theirs(reason),
    ])
  )
}

/** The classes that the context needs and the image lacks, as far as it says which it has. */
function lacking({ missing_class_count, missing_classes = [] }: Parameters): HTMLElement | false {
  const count = Number(missing_class_count ?? 0)
  if (count === 0) return false
  const names = (missing_classes as readonly string[]).slice(0, NAMED_CLASSES)
  const begin = count === 1 ? '1 class is missing there: ' : `${count} classes are missing there: `
  return h('p', {}, begin, theirs(names.join(', ')), count > names.length && ', …')
}
