// Cleans up the sessions of an image: shows first which ones and why, then closes them, and can take that back.

import type { Outcome } from '../../outcome.ts'
import { titleOf } from '../view/groups.ts'
import type { Session } from '../view/listed.ts'
import { countText } from '../view/units.ts'
import { visible } from '../view/visible-text.ts'
import { refusedText, refuseIn } from './act.ts'
import type { Parameters, Refusal } from './ask.ts'
import { button, field, openDialog } from './dialog.ts'
import { fill, h } from './dom.ts'
import { nameOf } from './named.ts'
import type { Shown } from './notices.ts'
import { type Panel, scopes } from './panel.ts'
import { table } from './table.ts'

type Cleaned = { readonly details: Readonly<Record<string, string>> }

const REASONS: Readonly<Record<string, string>> = {
  orphaned: 'its image is gone',
  expired: 'its lease ended',
  idle: 'nobody used it for long',
  forced: 'everything was asked for',
}

export function openCleanup(panel: Panel, image_id: string): void {
  const image = panel.model.images.get(image_id)
  const title = visible(titleOf({ image_id, image, sessions: [] }))
  const orphaned = field('Sessions whose image is orphaned', { type: 'checkbox', checked: true })
  const expired = field('Sessions whose lease ended', { type: 'checkbox', checked: true })
  const preview = h('div', { 'aria-live': 'polite' })
  const dialog = openDialog(
    `Clean up ${title}`,
    h(
      'p',
      {},
      'What is cleaned up is closed, not deleted: each session can be revived. One that was used since its image was last seen stays.'
    ),
    orphaned.row,
    expired.row,
    preview
  )
  const parameters = () => ({
    image_id,
    cleanup_orphaned: orphaned.input.checked,
    cleanup_expired: expired.input.checked,
  })
  let looked = 0

  async function show(): Promise<void> {
    looked += 1
    const mine = looked
    dialog.offer()
    fill(preview, h('p', {}, 'Looking what would be closed…'))
    const found = await cleaned(panel, { ...parameters(), dry_run: true })
    if (mine !== looked) return
    if (!found.ok) {
      const { failure } = found
      refuseIn(panel, dialog, { place: preview, doing: 'The preview', failure })
      return
    }
    const { details } = found.value
    const count = Object.keys(details).length
    if (count === 0) {
      fill(preview, h('p', {}, 'There is nothing to clean up.'))
      return
    }
    fill(
      preview,
      h('h3', {}, `This would close ${countText(count, 'session')}`),
      listOf(panel, details)
    )
    dialog.offer(
      button(`Close ${countText(count, 'session')}`, () => {
        dialog.close()
        void carryOut(panel, title, parameters())
      })
    )
  }

  for (const { input } of [orphaned, expired]) input.addEventListener('change', () => void show())
  void show()
}

async function carryOut(panel: Panel, title: string, parameters: Parameters): Promise<void> {
  const doing = `Cleaning up ${title}`
  const notice = panel.notices.show({ kind: 'busy', text: `${doing}…` })
  const found = await cleaned(panel, parameters)
  panel.refresh([String(parameters.image_id)])
  if (!found.ok) {
    notice.change({ kind: 'refused', ...refusedText(panel, doing, found.failure) })
    return
  }
  const ids = Object.keys(found.value.details)
  const text = `${countText(ids.length, 'session')} of ${title} closed.`
  const undo = { label: 'Undo', press: () => void reviveAll(panel, ids) }
  notice.change({ kind: 'done', text, buttons: ids.length === 0 ? [] : [undo] })
}

/** Cleans up for everybody whom the page shows, step by step. */
async function cleaned(panel: Panel, parameters: Parameters): Promise<Outcome<Cleaned, Refusal>> {
  let details: Readonly<Record<string, string>> = {}
  for (const its of scopes(panel.scope)) {
    let cursor = ''
    do {
      const more = cursor === '' ? {} : { cursor }
      const answer = await panel.ask('cleanup_image_sessions', { ...parameters, ...its, ...more })
      if (!answer.ok) return answer
      const { cleanup_details, next_cursor } = answer.value.result
      details = { ...details, ...(cleanup_details as Cleaned['details']) }
      cursor = String(next_cursor ?? '')
    } while (cursor !== '')
  }
  return { ok: true, value: { details } }
}

async function reviveAll(panel: Panel, ids: readonly string[]): Promise<void> {
  const notice: Shown = panel.notices.show({ kind: 'busy', text: 'Reviving…', progress: 0 })
  const refusals: Refusal[] = []
  for (const [index, session_id] of ids.entries()) {
    const answer = await panel.ask('renew_session', { session_id, revive: true })
    if (!answer.ok) refusals.push(answer.failure)
    const progress = (index + 1) / ids.length
    notice.change({
      kind: 'busy',
      text: `Revived ${index + 1 - refusals.length} of ${ids.length}…`,
      progress,
    })
  }
  const [first] = refusals
  const revived = `${countText(ids.length - refusals.length, 'session')} revived`
  if (first === undefined) notice.change({ kind: 'done', text: `${revived}.` })
  else notice.change({ kind: 'refused', ...refusedText(panel, `${revived}; the others:`, first) })
}

function listOf({ model }: Panel, details: Readonly<Record<string, string>>): HTMLElement {
  const rows = Object.entries(details).map(([session_id, reason]) => {
    const session: Pick<Session, 'name' | 'session_id' | 'client_id'> = model.sessions.get(
      session_id
    ) ?? {
      session_id,
      name: '',
      client_id: '',
    }
    return [nameOf(session), visible(session.client_id), REASONS[reason] ?? reason]
  })
  return table(['Session', 'Client', 'Why'], rows, 'Sessions that would be closed')
}
