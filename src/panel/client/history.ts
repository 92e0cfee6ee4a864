// The history of a session: its life as a picture and as a table, what differs between then and now, and the way back.

import type { Session } from '../view/listed.ts'
import {
  causeText,
  entriesOf,
  type Moment,
  momentText,
  type Revision,
  timelineText,
} from '../view/timeline.ts'
import { bytesText } from '../view/units.ts'
import { visible } from '../view/visible-text.ts'
import { act, type Deed, refuseIn } from './act.ts'
import type { Parameters } from './ask.ts'
import { button, openDialog } from './dialog.ts'
import { differenceOf, showDifference } from './difference-view.ts'
import { fill, h, theirs } from './dom.ts'
import { nameOf } from './named.ts'
import type { Panel } from './panel.ts'
import { timelinePicture } from './pictures.ts'
import { table } from './table.ts'

/** Rows of the audit log that are looked through for this session. */
const AUDIT_ROWS = 200

/** What is a revision already, and is not told twice. */
const REVISIONS = ['session_created', 'session_imported', 'session_reverted', 'context_cleared']

export async function openHistory(panel: Panel, session: Session): Promise<void> {
  const { session_id } = session
  const place = h('div', { 'aria-live': 'polite' }, h('p', {}, 'Looking at its history…'))
  const below = h('div', { class: 'difference' })
  const dialog = openDialog(`History of ${nameOf(session)}`, place, below)
  const [answer, audited] = await Promise.all([
    panel.ask('list_session_revisions', { session_id }),
    auditMoments(panel, session),
  ])
  if (!answer.ok) {
    refuseIn(panel, dialog, { place, doing: 'The history', failure: answer.failure })
    return
  }
  const revisions = revisionsOf(answer.value.result)
  const moments = [...audited, ...imageMoments(panel, session)]
  const entries = entriesOf(revisions, moments)
  fill(
    place,
    h('figure', {}, timelinePicture(entries, timelineText(revisions)), legend()),
    table(
      HEADS,
      rowsOf(entries, (revision) => void compare(revision)),
      'Revisions and other moments, the newest first'
    )
  )

  let compared = 0

  async function compare({ revision }: Revision): Promise<void> {
    const current = revisions.find(({ is_current }) => is_current)
    if (current === undefined) return
    compared += 1
    const mine = compared
    dialog.offer()
    fill(below, h('p', {}, 'Comparing…'))
    const found = await differenceOf(panel, { session_id, from: current.revision, to: revision })
    if (mine !== compared) return
    if (!found.ok) {
      refuseIn(panel, dialog, { place: below, doing: 'Comparing', failure: found.failure })
      return
    }
    const revert = button(`Revert to revision ${revision}`, () => {
      dialog.close()
      void act(panel, reverting(session, revision))
    })
    dialog.offer(revert)
    showDifference(below, revision, found.value)
  }
}

const HEADS = ['When', 'What', 'Size', 'Changed', 'Action']

function rowsOf(entries: ReturnType<typeof entriesOf>, compare: (revision: Revision) => void) {
  return entries.toReversed().map((entry) => {
    const when = h('time', { datetime: new Date(entry.at).toISOString() }, timeText(entry.at))
    if (entry.kind === 'moment') return [when, entry.what, '', '', '']
    const { revision, cause, label, bytes, changed, is_current } = entry.revision
    const what = h(
      'span',
      {},
      `Revision ${revision}, ${causeText(cause)} `,
      label !== '' && theirs(label, { class: 'label' })
    )
    const action = is_current
      ? 'now'
      : button('Compare', () => compare(entry.revision), {
          'aria-label': `Compare revision ${revision} with now`,
        })
    return [when, what, bytesText(bytes), changed.map(visible).join(', '), action]
  })
}

function legend(): HTMLElement {
  return h(
    'figcaption',
    {},
    'Each bar is a revision, as high as the session was large; each dot is something else that happened. A restore is noted where it renewed the lease: soon after another use it leaves no dot.'
  )
}

function reverting(session: Session, revision: number): Deed {
  const { session_id } = session
  return {
    command: 'revert_session',
    parameters: { session_id, revision },
    doing: `Reverting ${nameOf(session)}`,
    done: ({ revision: made }: Parameters) =>
      `${nameOf(session)} is as it was at revision ${revision}; that is revision ${made} now.`,
    undo: (result) => ({
      command: 'revert_session',
      parameters: { session_id, revision: revisionBefore(result) },
      doing: `Taking back the revert of ${nameOf(session)}`,
      done: () => `${nameOf(session)} is as it was before.`,
    }),
  }
}

/** What it was when it was reverted, which may be newer than what was read; a revert to the same makes no revision. */
function revisionBefore({ revision, changed }: Parameters): number {
  return Number(revision) - (Array.isArray(changed) && changed.length > 0 ? 1 : 0)
}

function revisionsOf({ revisions }: Parameters): Revision[] {
  const told = revisions as readonly (Omit<Revision, 'at'> & { readonly at: string })[]
  return told.map((one) => ({ ...one, at: Date.parse(one.at) }))
}

/** What the audit log of its client says of the session; nothing where it may not be read. */
async function auditMoments(panel: Panel, { client_id, session_id }: Session): Promise<Moment[]> {
  const first = await panel.ask('get_audit_log', { client_id, limit: 1 })
  if (!first.ok) return []
  const { entries: oldest, total_kept } = first.value.result
  const [{ sequence = 1 } = {}] = oldest as readonly { readonly sequence?: number }[]
  const after = Math.max(0, sequence + Number(total_kept) - 1 - AUDIT_ROWS)
  const newest = await panel.ask('get_audit_log', { client_id, after, limit: AUDIT_ROWS })
  if (!newest.ok) return []
  const rows = newest.value.result.entries as readonly Readonly<Record<string, string>>[]
  return rows
    .filter((row) => row.session_id === session_id && row.outcome === 'success')
    .filter(({ action = '' }) => !REVISIONS.includes(action))
    .map(({ at = '', action = '' }) => ({ at: Date.parse(at), what: momentText(action) }))
}

/** What was heard of its image while somebody listened. */
function imageMoments({ model }: Panel, { image_id }: Session): Moment[] {
  const moments = image_id === '' ? [] : (model.moments.get(image_id) ?? [])
  return moments.map(({ at, image_status, epoch }) => ({
    at,
    what: epoch === undefined ? `image ${image_status.toLowerCase()}` : 'image started anew',
  }))
}

function timeText(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
}
