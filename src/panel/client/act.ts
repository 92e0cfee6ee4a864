// Carries out commands that people ask for: tells that it runs, what came of it, and offers what the service says that helps.

import type { Outcome } from '../../outcome.ts'
import type { Answered, Parameters, Recovery, Refusal } from './ask.ts'
import { button, type Dialog, openDialog } from './dialog.ts'
import { fill, h } from './dom.ts'
import type { NoticeButton } from './notices.ts'
import type { Panel } from './panel.ts'

export type Deed = {
  readonly command: string
  readonly parameters: Parameters
  /** What is going on, such as `Closing “work”`. */
  readonly doing: string
  readonly done: (result: Parameters) => string
  readonly undo?: Deed | ((result: Parameters) => Deed)
}

/** Commands that only tell: their answer is what one wanted to see. */
const TELLING = ['describe', 'get_session_info', 'list_client_sessions', 'list_session_revisions']

/** Carries it out; the answer is for those who do more with it. */
export async function act(panel: Panel, deed: Deed): Promise<Outcome<Answered, Refusal>> {
  const notice = panel.notices.show({ kind: 'busy', text: `${deed.doing}…` })
  const answer = await panel.ask(deed.command, deed.parameters)
  if (!answer.ok) {
    notice.change({ kind: 'refused', ...refusedText(panel, deed.doing, answer.failure) })
    return answer
  }
  const { result } = answer.value
  const undo = typeof deed.undo === 'function' ? deed.undo(result) : deed.undo
  const buttons = undo === undefined ? [] : [{ label: 'Undo', press: () => void act(panel, undo) }]
  notice.change({ kind: 'done', text: deed.done(result), buttons })
  return answer
}

/** What a refusal is told with: the sentence of the service, and its recovery as buttons. */
export function refusedText(panel: Panel, doing: string, failure: Refusal) {
  const text = `${doing} did not work. ${failure.sentence}`
  return { text, buttons: recoveryButtons(panel, failure) }
}

/** The same in a dialog: its recovery stands beside what the dialog offers anyway, and leads out of it. */
export function refuseIn(
  panel: Panel,
  dialog: Dialog,
  {
    place,
    doing,
    failure,
    others = [],
  }: {
    readonly place: Element
    readonly doing: string
    readonly failure: Refusal
    readonly others?: readonly HTMLButtonElement[]
  }
): void {
  const { text, buttons } = refusedText(panel, doing, failure)
  fill(place, h('p', { role: 'alert' }, text))
  const ways = buttons.map(({ label, press }) =>
    button(label, () => {
      dialog.close()
      press()
    })
  )
  dialog.offer(...others, ...ways)
}

export function recoveryButtons(panel: Panel, { recovery }: Refusal): NoticeButton[] {
  return recovery.map((one) => ({ label: one.label, press: () => void recover(panel, one) }))
}

async function recover(panel: Panel, { label, command, parameters }: Recovery): Promise<void> {
  if (!TELLING.includes(command)) {
    await act(panel, { command, parameters, doing: label, done: () => `Done: ${label}.` })
    return
  }
  const answer = await panel.ask(command, parameters)
  if (!answer.ok) {
    panel.notices.show({ kind: 'refused', ...refusedText(panel, label, answer.failure) })
    return
  }
  const text = JSON.stringify(answer.value.result, null, 2)
  openDialog(label, h('pre', { tabindex: 0 }, text))
}
