// Imports a session from a file that was exported here or by Pharo.

import { MAX_MESSAGE_BYTES, MAX_NAME_LENGTH } from '../../protocol/limits.ts'
import { bytesText } from '../view/units.ts'
import { act } from './act.ts'
import { button, field, limitCharacters, openDialog } from './dialog.ts'
import { h } from './dom.ts'
import { nameOf } from './named.ts'
import type { Panel } from './panel.ts'

/** As the service takes client ids. */
const CLIENT_ID = '[A-Za-z0-9][A-Za-z0-9._:@\\-]{0,127}'

export function openImport(panel: Panel): void {
  const { scope } = panel
  const known = scope.kind === 'clients' ? (scope.ids[0] ?? '') : ''
  const file = field('File', { type: 'file', required: true, accept: '.json,.ston' })
  const client = field(
    'For client',
    { value: known, required: true, pattern: CLIENT_ID, autocomplete: 'off' },
    'The client id that the new session belongs to.'
  )
  const name = field(
    'Name',
    { autocomplete: 'off', dir: 'auto' },
    'Empty keeps the name in the file.'
  )
  limitCharacters(name.input, MAX_NAME_LENGTH)
  const form = h('form', {}, file.row, client.row, name.row)
  const dialog = openDialog('Import a session', form)

  async function start(): Promise<void> {
    const [chosen] = file.input.files ?? []
    if (!form.reportValidity() || chosen === undefined) return
    dialog.close()
    if (chosen.size > MAX_MESSAGE_BYTES) {
      const text = `The file has ${bytesText(chosen.size)}; at most ${bytesText(MAX_MESSAGE_BYTES)} are taken.`
      panel.notices.show({ kind: 'refused', text })
      return
    }
    const answer = await act(panel, {
      command: 'import_session',
      parameters: {
        client_id: client.input.value,
        content: await chosen.text(),
        ...(name.input.value !== '' && { name: name.input.value }),
      },
      doing: 'Importing',
      done: ({ session_id, name: its }) =>
        `${nameOf({ session_id: String(session_id), name: String(its) })} is imported.`,
    })
    if (answer.ok) panel.refresh([String(answer.value.result.image_id)])
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void start()
  })
  dialog.offer(button('Import', () => void start()))
  file.input.focus()
}
