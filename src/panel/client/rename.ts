// Gives a session another name.

import { MAX_NAME_LENGTH } from '../../protocol/limits.ts'
import type { Session } from '../view/listed.ts'
import { act } from './act.ts'
import { button, field, limitCharacters, openDialog } from './dialog.ts'
import { h } from './dom.ts'
import { nameOf } from './named.ts'
import type { Panel } from './panel.ts'

export function openRename(panel: Panel, session: Session): void {
  const { session_id, name } = session
  const { row, input } = field('Name', {
    value: name,
    required: true,
    autocomplete: 'off',
    dir: 'auto',
  })
  limitCharacters(input, MAX_NAME_LENGTH)
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
  dialog.offer(button('Rename', rename))
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
