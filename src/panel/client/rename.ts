// Gives a session another name.

import type { Session } from '../view/listed.ts'
import { act } from './act.ts'
import { button, field, openDialog } from './dialog.ts'
import { h } from './dom.ts'
import { nameOf } from './named.ts'
import type { Panel } from './panel.ts'

const MAX_NAME_LENGTH = 120

export function openRename(panel: Panel, session: Session): void {
  const { session_id, name } = session
  const { row, input } = field('Name', {
    value: name,
    required: true,
    maxlength: MAX_NAME_LENGTH,
    autocomplete: 'off',
    dir: 'auto',
  })
  const form = h('form', {}, row)
  const dialog = openDialog(`Rename ${nameOf(session)}`, form)
  const rename = () => {
    if (!form.reportValidity()) return
    dialog.close()
    const deed = renaming(session, input.value)
    void act(
      panel,
      name === '' ? deed : { ...deed, undo: renaming({ session_id, name: input.value }, name) }
    )
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    rename()
  })
  dialog.buttons.append(button('Rename', rename))
  input.select()
}

function renaming(session: Pick<Session, 'name' | 'session_id'>, name: string) {
  const { session_id } = session
  return {
    command: 'update_session_state',
    parameters: { session_id, name },
    doing: `Renaming ${nameOf(session)}`,
    done: () => `It is called ${nameOf({ session_id, name })} now.`,
  }
}
